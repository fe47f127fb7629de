//! Both signals that end a server.

use testkit::subject;
use testkit_tls::TestCa;

#[test]
fn both_signals_let_running_clients_finish() {
    let test_ca = TestCa::new();
    for is_sigterm in [false, true] {
        let mut server = subject!("05").serve(["--certs", &test_ca.folder()]);
        let mut peer = server.connect("peer");
        peer.start_tls(&test_ca.client()).send(b"hello\n").expect(b"Echo: hello\n");
        let is_told = if is_sigterm { server.terminate() } else { server.interrupt() };
        if !is_told {
            return server.skip("this system has no signals");
        }
        server.wait_until_idle();
        // Sent together, so that the server's two seconds do not depend on this test.
        peer.send(b"again\n").half_close().expect(b"Echo: again\n").expect_end();
        server.expect_stopped();
    }
}
