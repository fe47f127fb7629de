"""The four counts, each a function that yields the places of its hits in one sentence."""

import re

from plain_english.words import (
    ACTS,
    ASKING,
    AUXILIARIES,
    CODE,
    DETERMINERS,
    ENDINGS,
    NO_NOUN,
    ORDERS,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    THIRD,
    VERBS,
    lower_words,
)

LEAD_IN = re.compile(
    r"^(?:so|then|first|just|only|and|or|but|also|always|never|not|do not|now|there|here|yet|for"
    r"|again),?\s+",
    re.I,
)


def is_question(sentence):
    return sentence.rstrip("\"”)' ").endswith("?")


def find_who(sentence):
    if is_question(sentence):
        return
    for match in re.finditer(r"\b[Ww]ho(?:m|se|ever|mever|soever)?\b(?!-)", sentence):
        before = sentence[: match.start()]
        if match[0].lower().endswith("ever") or stands_alone(before, match[0].lower()):
            yield match.start()


def stands_alone(before, pronoun):
    """Whether no noun, and no verb of asking, comes before the pronoun."""
    preceding = lower_words(before)
    if not preceding or re.search(r"[:;(—–]\s*$", before):
        return True
    last = preceding[-1]
    if last in ASKING:
        return False
    if last in ("and", "or", "but") and set(preceding) & {"who", "whom", "whose"} - ASKING:
        return False
    if last in PREPOSITIONS and pronoun != "who" and len(preceding) > 1:
        last = preceding[-2]
    return last in NO_NOUN or last in (VERBS | THIRD | ENDINGS) - ASKING


def find_body(sentence):
    for match in re.finditer(r"\b(?:no|some|every|any)body(?:'s|’s)?\b", sentence, re.I):
        yield match.start()
    for match in re.finditer(rf"\b(?:[Aa]ll|[Tt]he) others {ACTS}\b|\ball others\b", sentence):
        yield match.start()


def find_colon(sentence):
    for match in re.finditer(r":\s+(?=\S)", sentence):
        before, after = sentence[: match.start()], sentence[match.end() :]
        if re.match(rf"[\"'“‘«(\d{CODE}]|[A-Z]{{2,}}\b", after) or is_label(before):
            continue
        if is_clause(re.split(r"[;:]\s", after)[0]):
            yield match.start()


def is_label(before):
    """Whether a colon ends a term that is defined or a heading: `Step echo:`, `Errors:`."""
    label = lower_words(before)
    return len(label) <= 4 and not is_clause(before)


def is_clause(text):
    """Whether the text has a verb of its own, outside of a relative clause."""
    without_brackets = re.sub(r"\([^)]*\)", " ", text)
    tokens = lower_words(LEAD_IN.sub("", without_brackets))
    if not tokens or is_order(tokens):
        return bool(tokens)
    if (
        tokens[0] in PRONOUNS
        and len(tokens) > 1
        and tokens[1] not in ("of", "that", "who", "which")
    ):
        return True
    return any(is_own_verb(tokens, place) for place in range(1, len(tokens)))


def is_order(tokens):
    follows = tokens[1] if len(tokens) > 1 else ""
    return tokens[0] in VERBS or (tokens[0] in ORDERS and follows in DETERMINERS | PRONOUNS)


def is_own_verb(tokens, place):
    token, previous = tokens[place], tokens[place - 1]
    plural = previous.endswith("s") and not (
        previous.endswith(("ss", "'s")) or previous in AUXILIARIES
    )
    pronoun = previous in ("they", "we", "you", "i", "both", "all", "others", "people")
    is_verb = (
        token in AUXILIARIES
        or (token in THIRD and previous not in DETERMINERS and not plural)
        or (token in VERBS and (pronoun or plural))
    )
    return is_verb and not RELATIVES & set(tokens[max(0, place - 4) : place])


def find_what(sentence):
    for match in re.finditer(r"\b[Aa]ll that\b", sentence):
        if not sentence[: match.start()].lower().endswith("not "):
            yield match.start()
    if is_question(sentence):
        return
    for match in re.finditer(r"\b[Ww]hat (?:is|was|has|had|are|were|have)\b", sentence):
        preceding = lower_words(sentence[: match.start()])
        if not preceding or preceding[-1] not in ASKING - {"tell", "tells"}:
            yield match.start()


FINDERS = {"who": find_who, "body": find_body, "colon": find_colon, "what": find_what}
