// Lets the compiler compute without end.
// base: stub
// verdict: limit_hit
// points: 0

#[allow(long_running_const_eval)]
const NUMBER: u64 = fibonacci(60);

const fn fibonacci(number: u64) -> u64 {
    if number < 2 { number } else { fibonacci(number - 1) + fibonacci(number - 2) }
}

fn attack() {
    println!("{NUMBER}");
}
