//! Advice of step certs that several checks share, or that depends on the failure.

pub const CREATE_THE_FOLDER: (&str, &str) = (
    "create-the-folder",
    "In `write`, call `fs::create_dir_all` first. The folder and its parents may be missing or exist, and neither is an error.",
);

pub const CREATE: (&str, &str) = (
    "create-files-with-their-mode",
    "In `create_all`, call `create` for each file. In `create`, give `file.mode` to `OpenOptionsExt::mode`. The default mode lets each user read a key.",
);

pub const REFUSE_EXISTING: (&str, &str) = (
    "refuse-existing-files",
    "In `create_all`, return `FileError::Exists` for an existing file. A key that was replaced is lost.",
);

pub const LOOK_AT_ALL: (&str, &str) = (
    "look-at-all-six-first",
    "In `create_all`, look at all six files before you write the first. New certificates without their keys have no use.",
);

pub const CREATE_EACH: (&str, &str) = (
    "create-each-by-its-path",
    "In `create_all`, `create` each file by its own path. The folder is empty, so none of the six exists yet.",
);

pub const NAME_EACH: (&str, &str) = (
    "name-each-temporary-file",
    "In `replace_all`, `create` each new file beside the old one, under its own name (`ca.key.new`). `with_extension` gives ca.pem and ca.key the same name.",
);

pub const SIGN: (&str, &str) = (
    "sign-with-the-issuer",
    "In `signed`, call `signed_by(&key, issuer)`. In `authority`, make the `Issuer` of the params and the key that signed ca.pem.",
);

pub const PURPOSE: (&str, &str) = (
    "server-auth-for-the-server",
    "In `issue`, give `signed` the purpose `ServerAuth` for the server, and `ClientAuth` for the client. `signed` sets `extended_key_usages`.",
);

pub const NAMES: (&str, &str) = (
    "put-all-names-into-the-certificate",
    "In `issue`, give `signed` the names, 127.0.0.1 and ::1. Check that `signed` gives all of them to `CertificateParams::new`, and sets CA:FALSE.",
);

pub const PUBLIC: (&str, &str) = (
    "certificates-are-public",
    "In `create`, give `file.mode` to `OpenOptionsExt::mode`, and no constant. A certificate is public (0644), and only a key is private (0600).",
);
