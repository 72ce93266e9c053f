package dev.belay.chaos.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.http.HttpAsk;
import dev.belay.chaos.http.HttpCheck;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs what was exported: it asks what the session asked. */
@Timeout(120)
class AskedAgainTest {
  private static final FaultPlan PLAN =
      FaultPlan.of(Fault.at(Edge.into("tax"), new Effect.Abort(503)));
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String ODD =
      "it's \"odd\" $HOME `id` $(id) \\ \\n ${x}\n\n@FAULTS@ curl -x %s !! \u00e9\ud83d\ude00\r\n\t*'?'";

  @TempDir private Path dir;
  private final FaultyOrigin shop =
      FaultyOrigin.start(Script.of(Reply.ok("charges=1; it's \"so\" $")));
  private final FaultyOrigin executor = FaultyOrigin.start(Script.of(Reply.status(404)));

  AskedAgainTest() throws Exception {}

  @AfterEach
  void close() {
    shop.close();
    executor.close();
  }

  private Reproducer what(HttpAsk ask, Reproducer.Law... laws) {
    return new Reproducer(
        "shop", PLAN, executor.uri("/"), ask, List.of(laws), List.of("/health"), Optional.empty());
  }

  private HttpAsk post(String body) {
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "application/json",
            "X-Odd",
            "it's $x",
            "Authorization",
            "Bearer canary");
    return new HttpAsk("POST", shop.uri("/checkout?a=1&b=2"), headers, Optional.of(body), PATIENCE);
  }

  private Reproducer.Law law(String name, String contains) {
    HttpAsk ask =
        new HttpAsk(
            "GET", shop.uri("/audit"), Map.of("X-Api-Key", "canary"), Optional.empty(), PATIENCE);
    return new Reproducer.Law(name, ask, new HttpCheck.Expected(200, Optional.of(contains)));
  }

  private record Run(int exit, String said) {}

  private Run run(String... command) throws Exception {
    Path out = dir.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("BELAY_SETTLE", "0");
    builder.environment().put("ASK_AUTHORIZATION", "Bearer $secret \\ `x`");
    builder.environment().put("ASK_X_API_KEY", "other");
    builder.environment().remove("http_proxy");
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(out));
  }

  private Run script(String shell, Reproducer what) throws Exception {
    executor.behave(Script.of(Reply.status(201)));
    Path script = Files.writeString(dir.resolve("again.sh"), Format.CURL.write(what));
    assertThat(script).content().doesNotContain("canary");
    return run(shell, script.toString());
  }

  private void theShopWasAsked(String body) {
    ReceivedRequest asked = shop.requests().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.target()).isEqualTo("/checkout?a=1&b=2");
    assertThat(asked.bodyText()).isEqualTo(body);
    assertThat(asked.header("content-type")).contains("application/json");
    assertThat(asked.header("x-odd")).contains("it's $x");
  }

  @Test
  void theScriptAsksAsTheSessionDidAndLooksAtTheLaws() throws Exception {
    for (String shell : List.of("bash", "sh")) {
      shop.reset();
      Run run =
          script(
              shell,
              what(post(ODD), law("charged once", "it's \"so\" $"), law("it is $0", "charges=2")));

      assertThat(run.exit()).as(run.said()).isZero();
      theShopWasAsked(ODD);
      assertThat(shop.requests().getFirst().header("authorization"))
          .contains("Bearer $secret \\ `x`");
      assertThat(shop.requests().get(1).header("x-api-key")).contains("other");
      assertThat(run.said()).contains("200 after", "holds: charged once\n", "broken: it is $0\n");
    }
  }

  @Test
  void theScriptSaysWhichSecretIsMissing() throws Exception {
    HttpAsk ask =
        new HttpAsk("GET", shop.uri("/"), Map.of("X-Token", "canary"), Optional.empty(), PATIENCE);

    Run run = script("bash", what(ask));

    assertThat(run.exit()).isNotZero();
    assertThat(run.said()).contains("ASK_X_TOKEN").contains("must be set");
    assertThat(executor.requestCount()).isZero();
  }

  @Test
  void aBodilessQuestionHasNoTypeThatNobodyGave() throws Exception {
    HttpAsk ask = new HttpAsk("PUT", shop.uri("/a"), Map.of(), Optional.empty(), PATIENCE);

    assertThat(script("bash", what(ask)).exit()).isZero();

    ReceivedRequest asked = shop.requests().getFirst();
    assertThat(asked.method()).isEqualTo("PUT");
    assertThat(asked.header("content-type")).isEmpty();
    assertThat(asked.header("content-length")).contains("0");
    HttpAsk head = new HttpAsk("HEAD", shop.uri("/b"), Map.of(), Optional.empty(), PATIENCE);
    assertThat(script("bash", what(head)).exit()).isZero();
    assertThat(shop.requests().getLast().method()).isEqualTo("HEAD");
  }

  @Test
  void anyTextComesThroughTheShellAsItIs() throws Exception {
    RandomGenerator random = new Random(7);
    List<String> texts = new ArrayList<>();
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      String text = anyText(random);
      texts.add(text);
      script.append("printf '%s\\0' ").append(Shell.quoted(text)).append('\n');
    }
    Path file = Files.writeString(dir.resolve("words.sh"), script);

    for (String shell : List.of("bash", "sh")) {
      Run run = run(shell, file.toString());

      assertThat(List.of(run.said().split("\0", -1)).subList(0, texts.size())).isEqualTo(texts);
    }
  }

  private static String anyText(RandomGenerator random) {
    String[] words = {
      "'", "\"", "\\", "\n", "$", "`", "$(id)", "!", "*", "~", "#", "\r", "\u00e9", "a", " ", "-n",
      "%s"
    };
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(
          random.nextInt(4) == 0
              ? (char) random.nextInt(1, 0xD800)
              : words[random.nextInt(words.length)]);
    }
    return text.toString();
  }

  @Test
  void aNulIsRefusedWhereNoShellCanHaveIt() {
    Reproducer what = what(post("a\0b"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Format.CURL.write(what))
        .withMessageContaining("format must be junit");
    assertThatIllegalArgumentException().isThrownBy(() -> Format.CHAOS_TOOLKIT.write(what));
    assertThat(Format.JUNIT.write(what)).contains("a\\000b");
  }

  /** As Chaos Toolkit does it: names after a dollar are replaced, and a shell gets the rest. */
  @Test
  void theProbesOfChaosToolkitAskAsTheSessionDid() throws Exception {
    String text =
        Format.CHAOS_TOOLKIT.write(
            what(post(ODD), law("charged once", "it's \"so\" $"), law("twice", "charges=2")));
    assertThat(text).doesNotContain("canary");

    List<Integer> exits = probed(text);

    theShopWasAsked(ODD);
    assertThat(exits).containsExactly(0, 0, 1);
    shop.behave(Script.of(Reply.status(500)));
    assertThat(probed(text).getFirst()).isEqualTo(1);
  }

  private List<Integer> probed(String text) throws Exception {
    List<Integer> exits = new ArrayList<>();
    for (Tree probe : Json.read(text).tree("steady-state-hypothesis").trees("probes")) {
      Tree provider = probe.tree("provider");
      assertThat(provider.text("type")).isEqualTo("process");
      assertThat(probe.whole("tolerance", 0, 999)).isZero();
      String command = provider.text("path") + " " + provider.text("arguments").replace("$$", "$");
      exits.add(run("sh", "-c", command).exit());
    }
    return exits;
  }

  @Test
  void theProbesOfChaosToolkitSeeAnAnswerThatIsTooSlow() throws Exception {
    Finding slow =
        new Finding(
            "GET / | slow",
            new Defect.Odds(3, 3),
            Optional.of(Duration.ofMillis(1_500)),
            Optional.empty());
    HttpAsk ask = new HttpAsk("GET", shop.uri("/"), Map.of(), Optional.empty(), PATIENCE);
    String text = Format.CHAOS_TOOLKIT.write(what(ask).showing(slow));

    assertThat(probed(text)).containsExactly(0);
    shop.behave(Script.of(Reply.ok("late").delayed(Duration.ofSeconds(3))));
    assertThat(probed(text)).containsExactly(1);
  }

  private void runTest(Reproducer what) throws Exception {
    Path source =
        Files.writeString(dir.resolve(Format.JUNIT.fileName(what)), Format.JUNIT.write(what));
    assertThat(source).content().doesNotContain("canary");
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                dir.toString(),
                source.toString());
    assertThat(compiled).isZero();
    URL[] classes = {dir.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
      Class<?> test = loader.loadClass(JUnitSource.className(what));
      Method asks = test.getDeclaredMethod("observe");
      asks.setAccessible(true);
      Observation seen = (Observation) asks.invoke(null);
      assertThat(seen.reply().status()).hasValue(200);
      assertThat(seen.invariants()).extracting("holds").containsExactly(true, false);
    } catch (InvocationTargetException broken) {
      throw new AssertionError(broken.getCause());
    }
  }

  @Test
  void theTestAsksAsTheSessionDid() throws Exception {
    HttpAsk secretless =
        new HttpAsk(
            "POST",
            post("").uri(),
            Map.of("Content-Type", "application/json", "X-Odd", "it's $x"),
            Optional.of(ODD + "\0"),
            PATIENCE);
    HttpAsk audit = new HttpAsk("GET", shop.uri("/audit"), Map.of(), Optional.empty(), PATIENCE);
    Reproducer what =
        what(
            secretless,
            new Reproducer.Law(
                "once", audit, new HttpCheck.Expected(200, Optional.of("it's \"so\" $"))),
            new Reproducer.Law(
                "@FAULTS@", audit, new HttpCheck.Expected(200, Optional.of("charges=2"))));

    runTest(what);

    theShopWasAsked(ODD + "\0");
  }

  @Test
  void theTestReadsSecretsFromTheEnvironmentAndSparesPaths() {
    String source = Format.JUNIT.write(what(post("x".repeat(65_536)), law("once", "1")));

    assertThat(source)
        .doesNotContain("canary")
        .contains("secret(\"ASK_AUTHORIZATION\")", "secret(\"ASK_X_API_KEY\")")
        .contains("sparing(List.of(\"/health\"))");
  }

  @Test
  void twoSecretsOfOneNameAreTwo() {
    HttpAsk one =
        new HttpAsk("GET", shop.uri("/"), Map.of("Cookie", "a"), Optional.empty(), PATIENCE);
    HttpAsk two =
        new HttpAsk("GET", shop.uri("/"), Map.of("cookie", "b"), Optional.empty(), PATIENCE);
    Reproducer what =
        what(one, new Reproducer.Law("l", two, new HttpCheck.Expected(200, Optional.empty())));

    assertThat(Secrets.of(what).all()).containsOnlyKeys("ASK_COOKIE", "ASK_COOKIE_2");
  }

  @Test
  void whereAToolCannotSparePathsTheFaultIsLeftOut() {
    Reproducer what = what(post("{}"));

    assertThat(Format.POLICY_YAML.write(what))
        .startsWith("# For Belay's executor only")
        .contains("not: [\"/health\"]");
    for (Format format : List.of(Format.ENVOY, Format.TOXIPROXY)) {
      Tree tree = Json.read(format.write(what));
      assertThat(tree.trees("left_out"))
          .extracting(left -> left.text("why"))
          .containsExactly("it cannot spare [/health]");
    }
  }
}
