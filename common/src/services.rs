//! The ports of some services over TCP (services(5), and the registry of IANA: RFC 6335).

/// Names of services, and their ports.
const SERVICES: [(&str, u16); 32] = [
    ("echo", 7),
    ("discard", 9),
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("domain", 53),
    ("gopher", 70),
    ("finger", 79),
    ("http", 80),
    ("kerberos", 88),
    ("pop3", 110),
    ("sunrpc", 111),
    ("ntp", 123),
    ("imap2", 143),
    ("bgp", 179),
    ("ldap", 389),
    ("https", 443),
    ("submission", 587),
    ("ipp", 631),
    ("ldaps", 636),
    ("domain-s", 853),
    ("rsync", 873),
    ("imaps", 993),
    ("pop3s", 995),
    ("mysql", 3306),
    ("postgresql", 5432),
    ("amqp", 5672),
    ("x11", 6000),
    ("redis", 6379),
    ("http-alt", 8080),
    ("git", 9418),
];

/// The port of the service with the name `name`.
pub fn port_of(name: &str) -> Option<u16> {
    SERVICES.iter().find(|(service, _)| *service == name).map(|(_, port)| *port)
}

/// The name of the service at `port`.
pub fn name_of(port: u16) -> Option<&'static str> {
    SERVICES.iter().find(|(_, other)| *other == port).map(|(service, _)| *service)
}
