//! Heads that are wrong, each with the code that it must get.

/// Where to look, for each kind of mistake: an id and an advice.
pub const LINE: (&str, &str) = (
    "cr-lf-only",
    "In `read_line`, take CR LF as the only end of a line, and refuse a CR anywhere else in the line. Another program may end the line there, and then two programs see two requests.",
);
pub const FIELD: (&str, &str) = (
    "strict-fields",
    "In `parse_field`, check that the name is a token up to the colon, and that the value has no control character except tab. Check before you trim, because `str::trim` removes some control characters.",
);
pub const REQUEST_LINE: (&str, &str) = (
    "three-parts",
    "In `parse_request_line`, split at each single space, and accept exactly three parts that are not empty. The version is `HTTP/`, a digit, a dot and a digit, and nothing behind them.",
);
pub const METHOD: (&str, &str) = (
    "unknown-method",
    "In `parse_request_line`, answer 501 for a token that `Method::from_name` does not know, and 400 for a name that is no token.",
);
pub const VERSION: (&str, &str) = (
    "version",
    "In `parse_request_line`, accept `HTTP/1.` and one digit. HTTP/DIGIT.DIGIT of another kind is 505, and all else is 400.",
);
pub const TARGET: (&str, &str) = (
    "target",
    "In `Target::parse`, accept `/PATH`, `http://HOST/PATH`, and `*` for OPTIONS only, in visible ASCII characters without `#`.",
);
pub const HOST: (&str, &str) = (
    "one-host",
    "In `check_host`, count the Host fields. HTTP/1.1 needs exactly one, and its value must pass `is_host`.",
);

/// Heads with a wrong end of a line.
pub const LINES: &[&[u8]] = &[
    b"GET / HTTP/1.1\nHost: x\n\n",
    b"GET / HTTP/1.1\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n\n",
    b"GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\r\n\r\n",
    b"GET / HTTP/1.1\r\r\nHost: x\r\n\r\n",
    b"GET / \rHTTP/1.1\r\nHost: x\r\n\r\n",
    b"\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\r\rGET / HTTP/1.1\r\nHost: x\r\n\r\n",
];

/// Lines that are no field.
pub const FIELDS: &[&[u8]] = &[
    b"Name : value",
    b"Name\t: value",
    b" Name: value",
    b"\tName: value",
    b" folded",
    b"Na me: value",
    b"Name",
    b": value",
    b":",
    b"Na(me: value",
    b"N\xc3\xa4me: value",
    b"Name\x00: value",
    b"Name: val\x00ue",
    b"Name: val\x01ue",
    b"Name: val\x7fue",
    b"Name: val\x1b[2Jue",
    b"Name: val\x0bue",
    b"Name: value\x0b",
    b"Name: \x0cvalue",
];

/// Request lines without their end.
pub const REQUEST_LINES: &[&[u8]] = &[
    b"GET /",
    b"GET",
    b"GET  / HTTP/1.1",
    b"GET /  HTTP/1.1",
    b" GET / HTTP/1.1",
    b"GET / HTTP/1.1 ",
    b"GET / HTTP/1.1 x",
    b"GET / x HTTP/1.1",
    b"GET\t/ HTTP/1.1",
    b"GET /\tHTTP/1.1",
    b"GET HTTP/1.1",
    b"/ HTTP/1.1",
    b"GET / HTTP/1.1\x00",
];

/// Methods, and the code of each.
pub const METHODS: &[(&[u8], u16)] = &[
    (b"UPDATE", 501),
    (b"get", 501),
    (b"Get", 501),
    (b"GETX", 501),
    (b"G", 501),
    (b"PROPFIND", 501),
    (b"!#$%&'*+-.^_`|~", 501),
    (b"G@T", 400),
    (b"G/T", 400),
    (b"G\"T", 400),
    (b"G\xc3\x89T", 400),
    (b"GET\x00", 400),
];

/// Versions, and the code of each.
pub const VERSIONS: &[(&[u8], u16)] = &[
    (b"HTTP/2.0", 505),
    (b"HTTP/0.9", 505),
    (b"HTTP/3.0", 505),
    (b"HTTP/9.9", 505),
    (b"HTTP/1", 400),
    (b"HTTP/2", 400),
    (b"HTTP/1.", 400),
    (b"HTTP/.1", 400),
    (b"HTTP/1.10", 400),
    (b"HTTP/11.1", 400),
    (b"HTTP/1.x", 400),
    (b"HTTP/+1.1", 400),
    (b"HTTP/1,1", 400),
    (b"http/1.1", 400),
    (b"Http/1.1", 400),
    (b"HTTP 1.1", 400),
    (b"HTTPS/1.1", 400),
    (b"HTTP", 400),
];

/// Targets of a GET.
pub const TARGETS: &[&[u8]] = &[
    b"*",
    b"index.html",
    b"localhost:80",
    b"https://localhost/",
    b"ftp://localhost/",
    b"http:///",
    b"http:/",
    b"http://user@localhost/",
    b"http://local host/",
    b"http://local\\host/",
    b"/#top",
    b"/caf\xc3\xa9",
    b"/\x01",
    b"/\x7f",
    b"?a=1",
    b"\\",
];

/// Lines of fields in the place of one Host.
pub const HOSTS: &[&[u8]] = &[
    b"Accept: */*\r\n",
    b"Host: x\r\nHost: x\r\n",
    b"Host: x\r\nhost: y\r\n",
    b"Host: x y\r\n",
    b"Host: x/y\r\n",
    b"Host: user@x\r\n",
    b"Host: x, y/\r\n",
    b"Host: caf\xc3\xa9\r\n",
    b"Host: <x>\r\n",
];
