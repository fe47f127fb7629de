// Lets a macro double its output.
// base: stub
// verdict: limit_hit
// points: 0

macro_rules! double {
    ($($item:tt)*) => { double! { $($item)* $($item)* } };
}

double! { a }

fn attack() {}
