// Changes the model answer.
// base: model
// verdict: passed
// points: 100

fn attack() {
    let _ = std::fs::write("WORKSPACE/solutions/01-echo/src/echo.rs", "");
}
