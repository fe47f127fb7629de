"""Lists of English words, and a guess at which word is a verb."""

import re

CODE = "\x01"  # stands for inline code, a format argument or an address
WORD = rf"[A-Za-z][A-Za-z'’-]*|{CODE}+"

AUXILIARIES = set(
    """is are was were am be has have had do does did can cannot could may might must shall should
    will would isn't aren't wasn't weren't hasn't haven't don't doesn't didn't can't couldn't
    won't wouldn't""".split()
)

# Verbs that introduce an indirect question: "ask the kernel who is ready".
ASKING = set(
    """ask asks asked asking know knows knew known decide decides decided say says said show shows
    shown learn learns see sees tell tells find finds out explain explains prove proves check
    checks choose chooses wonder remember matters about""".split()
)

# Base forms that are seldom a noun. They begin an order, or follow a plural subject.
VERBS = set(
    """accept add allow appear apply arrive ask avoid be become begin belong bind break bring build
    carry choose close come compare compute connect consider contain continue count decide do
    drop empty ensure exit expect fail feed find finish follow forget free get give go grow
    handle happen have hear hold ignore insert join keep kill know learn leave let lie listen
    log look lose make match mean meet move need notice open pass pay prevent print promise pull
    push put reach read receive refuse reject release remain remember remove repeat replace
    reply report resend return run say see seem send serve set share show sleep stand start stay
    stop store strip take talk tell think throw treat try turn understand use verify wait wake
    want watch write""".split()
)

# Nouns that are orders, too, when the word after them is a determiner: "check the length".
ORDERS = set(
    """answer call cap check close cut end limit lock mark name note pause seek sort test time type
    work""".split()
)

DETERMINERS = set(
    """a an the this these that those its their your our my his no all both some any each every two
    three four five many few several other of and or with without for between""".split()
)

PRONOUNS = set(
    """i you he she it we they nobody somebody everybody anybody who there this that these those
    nothing something everything one""".split()
)

RELATIVES = set(
    "that which who whom whose what where when how why if whether because while".split()
)

# A word before "who" that is no noun.
NO_NOUN = AUXILIARIES | set(
    """and but or nor if that than then so as because when while until unless before after since
    for from of to by with without at on in into through against between not only also even just
    too never always which what where how the a an it he they you we""".split()
)

PREPOSITIONS = set(
    "of to for from by with without at on in behind between against after about".split()
)

ACTS = "(?:are told|come|do|get|give|go|hear|learn|leave|read|say|see|speak|stay|talk|wait|work)"


def third(verb):
    """`goes`, `carries`, `closes`, `sends`."""
    if re.search(r"[^aeo]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if re.search(r"(s|x|z|ch|sh|o)$", verb) else "s")


THIRD = {third(verb) for verb in VERBS} - {"has", "does"}
ENDINGS = {verb.rstrip("e") + "ing" for verb in VERBS}


def words(text):
    return re.findall(WORD, text)


def lower_words(text):
    return [word.lower() for word in words(text)]
