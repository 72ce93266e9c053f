package dev.belay.testkit;

import dev.belay.testkit.FaultyProxy.Kind;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HTTP proxies before an origin with two names, and clients that ask through them. */
abstract class BeforeAnOrigin {
  @RegisterExtension final FaultServers servers = new FaultServers();

  final FaultyOrigin origin = servers.origin(Script.of(Reply.ok("hello")));

  final FaultyProxy proxy(Behaviour first, Behaviour... rest) {
    return proxy(Script.of(first, rest));
  }

  final FaultyProxy proxy(Script<ProxyRequest, Behaviour> script) {
    return servers.closing(
        FaultyProxy.builder(Kind.HTTP)
            .resolve("origin.test", origin.port())
            .resolve("other.test:81", origin.port())
            .start(script));
  }

  static Peer plain(FaultyProxy proxy, String target) throws Exception {
    return new Peer(proxy.port()).get(target);
  }

  static Peer connect(FaultyProxy proxy, String target) throws Exception {
    String head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n";
    return new Peer(proxy.port()).send(head);
  }
}
