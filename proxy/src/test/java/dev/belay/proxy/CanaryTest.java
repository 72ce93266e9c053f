package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Passwords, and a user of a proxy, that would be easy to recognise, wherever they came out. */
@Timeout(60)
class CanaryTest {
  private static final String USER = "m0le";
  private static final String OURS = "ca@na:ry%1";
  private static final String THEIRS = "ca@na:ry%2";
  private static final Logger ROOT = Logger.getLogger("");

  private final ProxyHarness harness = new ProxyHarness();
  private final Queue<String> logged = new ConcurrentLinkedQueue<>();
  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          logged.add(record.getMessage() + " " + stack(record.getThrown()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private static String stack(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      text.append(cause).append('\n');
    }
    return text.toString();
  }

  @BeforeEach
  void listen() {
    listener.setLevel(Level.ALL);
    ROOT.addHandler(listener);
  }

  @AfterEach
  void close() throws Exception {
    ROOT.removeHandler(listener);
    harness.close();
  }

  private static List<String> faces(String user, String password) {
    List<String> faces = new ArrayList<>(List.of(password));
    faces.add(password.replace("%", "%25").replace("@", "%40").replace(":", "%3A"));
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    faces.add(Base64.getEncoder().encodeToString(pair));
    return faces;
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP", "SOCKS5"})
  void noPasswordAndNoUserOfAProxyComesOutAnywhere(Kind kind) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy upstream =
        harness.closing(
            FaultyProxy.builder(kind)
                .credentials(USER, OURS)
                .start(Script.of(Behaviour.forward())));
    String login = USER + ":ca%40na%3Ary%251@";
    harness.use(ProxyHarness.scheme(kind) + "://" + login + "127.0.0.1:" + upstream.port());
    harness.settings(
        harness.settings().withAccess(new ProxySettings.Access(Map.of("ann", THEIRS), true)));
    harness.start();
    List<String> said = new ArrayList<>();
    List<Behaviour> behaviours =
        List.of(
            Behaviour.forward(),
            Behaviour.wrongCredentials(),
            Behaviour.status(503),
            Behaviour.reject(1),
            Behaviour.halfLine(),
            Behaviour.resetOnAccept(),
            Behaviour.garbage(new byte[] {1, 2, 3}));
    for (Behaviour behaviour : behaviours) {
      upstream.behave(Script.of(behaviour));
      harness.pool().upstreams().getFirst().breaker().reset();
      ask(origin.uri("/"), said);
    }
    upstream.kill();
    ask(origin.uri("/"), said);
    harness.pool().upstreams().getFirst().breaker().trip();
    ask(origin.uri("/"), said);
    said.add(harness.settings().toString());
    said.add(harness.pool().upstreams().toString());
    said.add(harness.pool().upstreams().getFirst().address().toString());
    said.add(harness.reports().toString());
    said.addAll(logged);
    origin.requests().forEach(request -> said.add(request.text()));

    assertThat(origin.requestCount()).isPositive();
    List<String> faces = new ArrayList<>(List.of(USER));
    faces.addAll(faces(USER, OURS));
    faces.addAll(faces("ann", THEIRS));
    for (String face : faces) {
      assertThat(said).noneMatch(text -> text.contains(face));
    }
  }

  private void ask(URI uri, List<String> said) throws Exception {
    for (String password : new String[] {THEIRS, OURS}) {
      Client.Response absolute =
          Raw.send(harness.client(), uri, Raw.basic("ann,policy=once", password));
      said.add(absolute.headers() + absolute.body());
      said.add(
          harness
              .client()
              .raw(
                  Raw.connect(uri, Raw.basic("ann", password), "X: y")
                      + "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    }
  }
}
