/**
 * Scripted servers that fail on real sockets, for tests of whatever talks to the network.
 *
 * <p>A {@link dev.belay.testkit.FaultyOrigin} is an HTTP/1.1 server that replies as its script
 * says: late, cut, reset, malformed, or well. A {@link dev.belay.testkit.FaultyProxy} is an HTTP or
 * SOCKS proxy that really forwards, and refuses, drops, slows or bans as its script says. Both
 * count what they saw, die and come back on the same port, and leave nothing behind when closed.
 * {@link dev.belay.testkit.FaultServers} closes them after each JUnit test.
 *
 * <pre>{@code
 * try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.reset(), Reply.ok("hello")));
 *     FaultyProxy proxy =
 *         FaultyProxy.builder(FaultyProxy.Kind.HTTP)
 *             .resolve("origin.test", origin.port())
 *             .start(Script.cycling(Behaviour.forward(), Behaviour.status(503)))) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Everything listens on 127.0.0.1. The package needs the JDK alone; JUnit only for {@code
 * FaultServers}, and Jackson for the package {@code llm}.
 */
@org.jspecify.annotations.NullMarked
package dev.belay.testkit;
