package dev.belay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortsTest {
  private static ServerSocket listen(int port) throws Exception {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  void portsAreHeldUntilTheyAreLetGo() throws Exception {
    try (FreePorts ports = new FreePorts()) {
      int port = ports.next();
      assertThat(ports.next()).isNotEqualTo(port);
      assertThatThrownBy(() -> listen(port)).isInstanceOf(BindException.class);

      ports.release();

      try (ServerSocket socket = listen(port)) {
        assertThat(socket.getLocalPort()).isEqualTo(port);
      }
    }
  }

  @Test
  void aSingleOneIsFreeAndBelowThoseOfCallers() throws Exception {
    int port = FreePorts.one();

    assertThat(port).isBetween(10_000, 29_999);
    try (ServerSocket socket = listen(port)) {
      assertThat(socket.isBound()).isTrue();
    }
  }
}
