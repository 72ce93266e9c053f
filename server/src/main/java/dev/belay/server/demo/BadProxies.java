package dev.belay.server.demo;

import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.ProxyRequest;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** An origin and eight proxies, each of which misbehaves in its own way. */
final class BadProxies implements AutoCloseable {
  /** Those through which more than seven requests in ten fail. */
  private static final Set<String> HOPELESS = Set.of("locked", "dead", "hanging");

  private final FaultyOrigin origin;
  private final Map<String, FaultyProxy> proxies = new LinkedHashMap<>();

  private BadProxies(FaultyOrigin origin) {
    this.origin = origin;
  }

  /** Starts them all on free ports of the loopback address. */
  static BadProxies start(long seed) throws IOException {
    BadProxies world = new BadProxies(FaultyOrigin.start(Script.answering(BadProxies::answer)));
    try {
      world.add("steady", Behaviour.forward());
      world.add("distant", Behaviour.slow(Duration.ofMillis(60), Integer.MAX_VALUE));
      world.add("slow", Behaviour.slow(Duration.ofMillis(600), Integer.MAX_VALUE));
      world.add(
          "flaky",
          Script.mix(
              seed,
              Script.weighted(6, Behaviour.forward()),
              Script.weighted(4, Behaviour.status(502))));
      world.add("locked", Behaviour.wrongCredentials());
      world.add("dead", Behaviour.forward()).kill();
      world.add("hanging", Behaviour.hang());
      world.add("moody", Behaviour.forward());
      return world;
    } catch (IOException | RuntimeException failure) {
      world.close();
      throw failure;
    }
  }

  private static Reply answer(ReceivedRequest request) {
    String last = request.target().substring(request.target().lastIndexOf('/') + 1);
    boolean sized =
        !last.isEmpty() && last.length() <= 6 && last.chars().allMatch(Character::isDigit);
    return sized
        ? Reply.ok("x".repeat(Integer.parseInt(last)))
        : Reply.ok("Hello from behind the proxies: you asked for " + request.target() + "\n");
  }

  private FaultyProxy add(String name, Behaviour behaviour) throws IOException {
    return add(name, Script.of(behaviour));
  }

  private FaultyProxy add(String name, Script<ProxyRequest, Behaviour> script) throws IOException {
    FaultyProxy proxy = FaultyProxy.start(Kind.HTTP, script);
    proxies.put(name, proxy);
    return proxy;
  }

  /** By name, in the order of the table. */
  Map<String, FaultyProxy> proxies() {
    return proxies;
  }

  FaultyOrigin origin() {
    return origin;
  }

  static boolean isHopeless(String name) {
    return HOPELESS.contains(name);
  }

  /** One that works, until it does not for a while. */
  FaultyProxy moody() {
    FaultyProxy moody = proxies.get("moody");
    if (moody == null) {
      throw new IllegalStateException("not started");
    }
    return moody;
  }

  /** What each of them does, for people. */
  static Map<String, String> habits() {
    Map<String, String> habits = new LinkedHashMap<>();
    habits.put("steady", "works");
    habits.put("distant", "works, 60 ms away");
    habits.put("slow", "takes 600 ms");
    habits.put("flaky", "answers 502 to four in ten");
    habits.put("locked", "asks for another password (407)");
    habits.put("dead", "refuses connections");
    habits.put("hanging", "accepts and never answers");
    habits.put("moody", "works, dies for the middle third, comes back");
    return habits;
  }

  @Override
  public void close() {
    proxies.values().forEach(FaultyProxy::close);
    origin.close();
  }
}
