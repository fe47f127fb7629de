//! Files with which a system grades.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use crate::command_line::{ContainerSandbox, System};
use lab::error::Error;

use crate::place::Place;
use crate::repository::Source;
use crate::templates::{self, Values};

/// What Gradescope's archive calls the folder of the workspace, and the image of Kubernetes, too.
const WORKSPACE: &str = "workspace";

/// Writes the files for `system`, with `values`, into `folder`.
pub fn write_templates(system: System, values: &Values, folder: &Path) -> io::Result<()> {
    for template in templates::of(system) {
        let file = folder.join(template.path);
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(&file, template.filled(values))?;
        if template.is_program {
            make_program(&file)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn make_program(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

/// Elsewhere a file has no such mark. bash runs it by its name.
#[cfg(not(unix))]
fn make_program(_file: &Path) -> io::Result<()> {
    Ok(())
}

/// The scripts of a cluster.
pub fn folder(
    source: &Source,
    system: System,
    values: &Values,
    place: Place<'_>,
) -> Result<(), Error> {
    let folder = place.result();
    write_templates(system, values, &folder).map_err(|error| place.failed(error))?;
    if system == System::Kubernetes {
        source.write(&source.files()?, &folder.join(WORKSPACE), &place.helper("index"))?;
    }
    place.finish()
}

/// The autograder of Gradescope. Without a sandbox, it has nothing that a submission could copy.
pub fn archive(
    source: &Source,
    values: &Values,
    sandbox: ContainerSandbox,
    place: Place<'_>,
) -> Result<(), Error> {
    let scripts = place.helper("scripts");
    write_templates(System::Gradescope, values, &scripts).map_err(|error| place.failed(error))?;
    let mut archive: Command = source.git();
    // The times in an archive are local times.
    archive.env("TZ", "UTC").args(["archive", "--format=zip", "--output"]).arg(place.result());
    for template in templates::of(System::Gradescope) {
        archive.arg("--add-file").arg(scripts.join(template.path));
    }
    archive.arg(format!("--prefix={WORKSPACE}/")).args([&source.commit, "--", "."]);
    if sandbox == ContainerSandbox::None {
        archive.arg(":(exclude)solutions");
    }
    lab::command::output(&mut archive).and_then(|output| match output.status.success() {
        true => Ok(()),
        false => {
            Err(Error::failed("git archive failed", String::from_utf8_lossy(&output.stderr).trim()))
        }
    })?;
    place.finish()
}
