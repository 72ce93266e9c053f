package dev.belay.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.Endpoint;
import dev.belay.ErrorClass;
import dev.belay.Hedge;
import dev.belay.Jitter;
import dev.belay.Recovery;
import dev.belay.RetryPolicy;
import dev.belay.VirtualTime;
import dev.belay.http.Credentials;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.ProxySettings;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.health.HealthLevel;
import dev.belay.proxy.health.HealthSettings;
import dev.belay.proxy.source.ListRules;
import dev.belay.proxy.source.SourceSettings;
import dev.belay.settings.ConfigException;
import dev.belay.settings.ConfigFile;
import dev.belay.settings.ConfigProblem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BelayConfigTest {

  @Nested
  class WithoutAFile {
    private final BelayConfig config = BelayConfig.DEFAULT;

    @Test
    void listensOnLoopbackOnly() {
      assertThat(config.control()).isEqualTo(new BelayConfig.Control("127.0.0.1", 8080, ""));
      assertThat(config.proxy().settings()).isEqualTo(ProxySettings.DEFAULT);
    }

    @Test
    void holdsWhatTheRoomsHaveAsDefaults() {
      assertThat(config.store()).isEqualTo(BelayConfig.Store.at("sqlite:.belay/belay.db"));
      assertThat(config.retry()).isEqualTo(RetryPolicy.DEFAULT);
      assertThat(config.breaker()).isEqualTo(BreakerPolicy.DEFAULT);
      assertThat(config.budget()).isEqualTo(new BelayConfig.Budget(1, 10, 1_000));
      assertThat(config.policies().keySet())
          .containsExactly(
              "default", "none", "high-volume", "rate-limited", "critical", "fast-failover");
      assertThat(config.proxy().choice()).isEqualTo(Choice.DEFAULT);
      assertThat(config.proxy().pool()).isEmpty();
    }

    @Test
    void isWhatAnEmptyFileGives() {
      assertThat(Examples.parse("")).isEqualTo(config);
      assertThat(Examples.parse("# nothing\n")).isEqualTo(config);
      assertThat(Examples.parse("retry:\nproxy: {}\npolicies: null\n")).isEqualTo(config);
    }
  }

  @Nested
  class WithEveryKey {
    private final BelayConfig config = Examples.parse(Examples.EVERY_KEY);

    @Test
    void controlStoreAndBudgetAreThoseOfTheFile() {
      assertThat(config.control()).isEqualTo(new BelayConfig.Control("::1", 0, "tok-CANARY+env"));
      assertThat(config.store().url())
          .isEqualTo("postgresql://belay:CANARY+store@db.example/belay");
      assertThat(config.store().kind()).isEqualTo("postgresql");
      assertThat(config.store().instance()).isEqualTo("eu-1");
      assertThat(config.store().history()).isEqualTo(Duration.ofDays(30));
      assertThat(config.store().warmStart()).isTrue();
      assertThat(config.budget()).isEqualTo(new BelayConfig.Budget(0.2, 5, 50));
      assertThat(config.budget().on(new VirtualTime()).available()).isEqualTo(50);
    }

    @Test
    void retryIsThatOfTheFile() {
      assertThat(config.retry())
          .isEqualTo(
              RetryPolicy.named("default")
                  .maxAttempts(4)
                  .backoff(
                      Backoff.fibonacci(Duration.ofMillis(250))
                          .withMultiplier(3)
                          .withCap(Duration.ofMillis(1_500))
                          .withJitter(Jitter.FULL))
                  .retryStatusCodes(Set.of(408, 500))
                  .timeout(Duration.ofMinutes(2))
                  .retryNonIdempotent(true)
                  .attemptTimeout(Duration.ofSeconds(20))
                  .maxHintWait(Duration.ofSeconds(30))
                  .maxOpenWait(Duration.ofSeconds(5))
                  .retryClasses(Set.of(ErrorClass.CONNECT, ErrorClass.STATUS))
                  .immediateFailover(true)
                  .hedge(new Hedge(2, Duration.ofMillis(200), 0.95))
                  .build());
    }

    @Test
    void breakerIsThatOfTheFile() {
      assertThat(config.breaker())
          .isEqualTo(
              new BreakerPolicy(
                  new BreakerPolicy.Trip(7, 0.5, 30, 3, Duration.ofSeconds(4), 0.25),
                  new BreakerPolicy.Window(Duration.ofMinutes(2), 50),
                  new BreakerPolicy.Open(
                      Duration.ofSeconds(45), 2, Duration.ofHours(1), 0.1, Duration.ofMinutes(10)),
                  new BreakerPolicy.Probe(2, 4, Duration.ofSeconds(15))));
    }

    @Test
    void upkeepIsThatOfTheFile() {
      BelayConfig.Upkeep upkeep = config.proxy().upkeep();
      assertThat(upkeep.recovery()).isEqualTo(new Recovery(Duration.ofSeconds(90), 0.5));
      assertThat(upkeep.health())
          .isEqualTo(
              new HealthSettings(
                  new HealthSettings.Schedule(true, Duration.ofSeconds(15), 0.2, 20, 3),
                  new HealthSettings.Probe(
                      HealthLevel.HTTPS,
                      Duration.ofSeconds(3),
                      "https://example.com/",
                      "http://judge.example/?key=CANARY+judge",
                      Set.of("203.0.113.7", "2001:db8::7"))));
      Endpoint.Traits traits = new Endpoint.Traits("EU", "DE", Set.of("own"), 3, 0.5, 9);
      assertThat(upkeep.sources())
          .containsExactly(
              new SourceSettings.OfFile(
                  "mine",
                  Path.of("/etc/belay/proxies.txt"),
                  new ListRules(ProxyAddress.Scheme.SOCKS5H, traits, false)),
              new SourceSettings.OfUrl(
                  "web",
                  URI.create("https://me:CANARY+web@lists.example/all?token=CANARY+token"),
                  new SourceSettings.Refresh(Duration.ofMinutes(5), Duration.ofSeconds(20), true),
                  new ListRules(ProxyAddress.Scheme.HTTP, Endpoint.Traits.NONE, false)));
    }

    @Test
    void policiesStartFromRetryOrFromAPreset() {
      RetryPolicy patient = config.policies().get("patient");
      RetryPolicy busy = config.policies().get("busy");

      assertThat(patient)
          .isEqualTo(
              copy("patient", config.retry())
                  .maxAttempts(5)
                  .backoff(
                      Backoff.linear(Duration.ofSeconds(2))
                          .withMultiplier(3)
                          .withCap(Duration.ofMillis(1_500))
                          .withJitter(Jitter.FULL))
                  .timeout(RetryPolicy.FOREVER)
                  .hedge(Hedge.OFF)
                  .build());
      assertThat(busy).isEqualTo(copy("busy", RetryPolicy.highVolume()).maxAttempts(2).build());
    }

    private RetryPolicy.Builder copy(String name, RetryPolicy from) {
      return RetryPolicy.named(name)
          .maxAttempts(from.maxAttempts())
          .backoff(from.backoff())
          .timeout(from.timeout())
          .attemptTimeout(from.attemptTimeout())
          .maxHintWait(from.maxHintWait())
          .maxOpenWait(from.maxOpenWait())
          .retryStatusCodes(from.retryStatusCodes())
          .retryClasses(from.retryClasses())
          .retryNonIdempotent(from.retryNonIdempotent())
          .immediateFailover(from.immediateFailover())
          .hedge(from.hedge());
    }

    @Test
    void proxySettingsAreThoseOfTheFile() {
      ProxySettings proxy = config.proxy().settings();

      assertThat(proxy.listen()).isEqualTo(new ProxySettings.Listen("0.0.0.0", 3128, 1080));
      assertThat(proxy.access())
          .isEqualTo(new ProxySettings.Access(Map.of("alice", "CANARY+alice"), true));
      assertThat(proxy.policies()).isEqualTo(config.policies());
      assertThat(proxy.retryMethods()).containsExactlyInAnyOrder("GET", "PUT");
      assertThat(proxy.limits().connections()).isEqualTo(500);
      assertThat(proxy.limits().connectionsPerClient()).isEqualTo(50);
      assertThat(proxy.limits().upstreamConnections()).isEqualTo(64);
      assertThat(proxy.limits().head().headBytes()).isEqualTo(8 * 1024);
      assertThat(proxy.limits().head().headers()).isEqualTo(40);
      assertThat(proxy.limits().body().memoryBytes()).isEqualTo(64 * 1024);
      assertThat(proxy.limits().body().totalBytes()).isEqualTo(2 << 20);
      assertThat(proxy.limits().body().directory()).isEqualTo(Path.of("/var/tmp/belay"));
      assertThat(proxy.timeouts())
          .isEqualTo(
              new ProxySettings.Timeouts(
                  Duration.ofSeconds(3),
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(4),
                  Duration.ofMinutes(6),
                  Duration.ofHours(2),
                  Duration.ofSeconds(7)));
    }

    @Test
    void poolIsThatOfTheFile() {
      assertThat(config.proxy().choice())
          .isEqualTo(
              new Choice("power-of-two", 0.05, Double.MAX_VALUE, Duration.ofMinutes(20), 500));
      assertThat(config.proxy().pool())
          .containsExactly(
              new UpstreamPool.Entry(
                  ProxyAddress.parse("http://user:p4ss/CANARY+env@proxy-1.example:3128"),
                  new Endpoint.Traits("US-EAST", "US", Set.of("paid", "fast"), 2.5, 0.002, 40),
                  Instant.parse("2030-12-31T00:00:00Z")),
              UpstreamPool.Entry.of("socks5h://10.0.0.7:1080"));
      assertThat(config.proxy().pool().getFirst().address().credentials())
          .contains(new Credentials("user", "p4ss/CANARY+env"));
    }

    @Test
    void showsNoSecret() {
      assertThat(config.toString())
          .contains("alice", "Store[postgresql,")
          .doesNotContain(Examples.CANARY);
    }
  }

  @Test
  void jitterCanBeAYesOrANoOrAName() {
    assertThat(jitter("true")).isEqualTo(Jitter.PROPORTIONAL);
    assertThat(jitter("false")).isEqualTo(Jitter.NONE);
    assertThat(jitter("\"${X:-true}\"")).isEqualTo(Jitter.PROPORTIONAL);
    assertThat(jitter("\"${X:-false}\"")).isEqualTo(Jitter.NONE);
    for (Jitter jitter : Jitter.values()) {
      assertThat(jitter(jitter.name().toLowerCase(java.util.Locale.ROOT))).isEqualTo(jitter);
    }
  }

  private static Jitter jitter(String value) {
    return Examples.parse("retry: {jitter: " + value + "}").retry().backoff().jitter();
  }

  @Test
  void anEmojiMayStandAnywhere() {
    for (int before = 0; before < 2_200; before++) {
      String yaml = "#" + "x".repeat(before) + "\ud83d\ude00" + "y".repeat(2_200) + "\n";

      assertThat(Examples.parse(yaml + "control: {port: 1}").control().port()).isEqualTo(1);
    }
  }

  @Test
  void aLongerOpenTimeLiftsItsLimit() {
    BreakerPolicy policy = Examples.parse("circuit_breaker: {timeout_duration: 10m}").breaker();

    assertThat(policy.open().longest()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void aHedgeOfNoExtraAttemptsIsOff() {
    assertThat(Examples.parse("retry: {hedge: {extra: 0}}").retry().hedge()).isEqualTo(Hedge.OFF);
    assertThat(Examples.parse("retry: {hedge: {delay: 1s}}").retry().hedge())
        .isEqualTo(Hedge.after(Duration.ofSeconds(1)));
  }

  @Nested
  class Variables {
    @Test
    void standForAnyKindOfValue() {
      BelayConfig config =
          BelayConfig.parse(
              """
              control: {port: "${PORT}"}
              retry: {base_delay: "${DELAY}", multiplier: "${FACTOR}", timeout: "${NONE}"}
              proxy: {allow_private: "${PRIVATE}", body_memory: "${SIZE}", strategy: "${HOW}"}
              """,
              "belay.yaml",
              Map.of(
                  "PORT", "9000", "DELAY", "2", "FACTOR", "1.5", "NONE", "", "PRIVATE", "true",
                  "SIZE", "4096", "HOW", "random"));

      assertThat(config.control().port()).isEqualTo(9000);
      assertThat(config.retry().backoff().base()).isEqualTo(Duration.ofSeconds(2));
      assertThat(config.retry().backoff().multiplier()).isEqualTo(1.5);
      assertThat(config.retry().timeout()).isEqualTo(RetryPolicy.FOREVER);
      assertThat(config.proxy().settings().access().allowPrivate()).isTrue();
      assertThat(config.proxy().settings().limits().body().memoryBytes()).isEqualTo(4096);
      assertThat(config.proxy().choice().strategy()).isEqualTo("random");
    }

    @Test
    void haveDefaultsThatAlsoReplaceEmptyOnes() {
      assertThat(token("${UNSET:-one}")).isEqualTo("one");
      assertThat(token("${EMPTY:-one}")).isEqualTo("one");
      assertThat(token("${EMPTY}")).isEmpty();
      assertThat(token("${UNSET:-}")).isEmpty();
      assertThat(token("a${UNSET:-b}c${UNSET:-d}e")).isEqualTo("abcde");
    }

    @Test
    void areReplacedOnce() {
      Map<String, String> environment = Map.of("A", "${B}", "B", "no");

      assertThat(
              BelayConfig.parse("control: {token: \"${A}\"}", "belay.yaml", environment)
                  .control()
                  .token())
          .isEqualTo("${B}");
    }

    @Test
    void canBeWrittenAsPlainText() {
      assertThat(token("$${PASS}")).isEqualTo("${PASS}");
      assertThat(token("$5")).isEqualTo("$5");
    }

    private static String token(String text) {
      return Examples.parse("control: {token: \"" + text + "\"}").control().token();
    }
  }

  @Nested
  class FromAFile {
    @TempDir private Path directory = Path.of(".");

    @Test
    void readsWhatItIsGiven() throws IOException {
      Path file = Files.writeString(directory.resolve("belay.yaml"), Examples.EVERY_KEY);

      assertThat(BelayConfig.load(file, Examples.ENVIRONMENT))
          .isEqualTo(Examples.parse(Examples.EVERY_KEY));
    }

    @Test
    void canBeReadAgain() throws IOException {
      Path file = Files.writeString(directory.resolve("belay.yaml"), "control: {port: 1}");
      assertThat(BelayConfig.load(file, Map.of()).control().port()).isEqualTo(1);

      Files.writeString(file, "control: {port: 2}");

      assertThat(BelayConfig.load(file, Map.of()).control().port()).isEqualTo(2);
    }

    @Test
    void saysWhatIsWrongWithTheFileItself() throws IOException {
      Path missing = directory.resolve("missing.yaml");
      Path latin = Files.write(directory.resolve("latin.yaml"), new byte[] {'a', (byte) 0xe9});
      Path large = directory.resolve("large.yaml");
      Files.write(large, "#".repeat(ConfigFile.LARGEST + 1).getBytes(StandardCharsets.UTF_8));

      assertRefused(missing, "there is no such file");
      assertRefused(latin, "is not UTF-8 text");
      assertRefused(large, "is larger than 1 MB");
      assertRefused(directory, "is a directory, not a file");
      assertRefused(latin.resolve("below"), "cannot be read: FileSystemException");
    }

    private static void assertRefused(Path file, String message) {
      assertThatThrownBy(() -> BelayConfig.load(file, Map.of()))
          .isInstanceOf(ConfigException.class)
          .hasMessage(file + ": " + message);
    }
  }

  @Test
  void recordsRejectWhatTheFileMayNotSay() {
    assertRefused(() -> new BelayConfig.Control("0.0.0.0", 1, ""), "which others can reach");
    assertRefused(() -> new BelayConfig.Control("127.evil.example", 1, ""), "others can reach");
    assertRefused(() -> new BelayConfig.Control("localhost", 70_000, ""), "0 to 65535");
    assertRefused(() -> new BelayConfig.Control("localhost", 1, "a b"), "visible ASCII");
    assertRefused(() -> new BelayConfig.Control(" ", 1, ""), "must not be empty");
    assertRefused(() -> BelayConfig.Store.at("mysql:x"), "sqlite:FILE");
    Duration week = Duration.ofDays(7);
    assertRefused(() -> new BelayConfig.Store("sqlite:x", "a/b", week, false), "store.instance");
    Duration century = Duration.ofDays(36_500);
    assertRefused(() -> new BelayConfig.Store("sqlite:x", "a", century, false), "24h to 90d");
    assertRefused(() -> new BelayConfig.Budget(11, 0, 1), "0 to 10");
    assertRefused(() -> new BelayConfig.Budget(1, -1, 1), "reserve");
    assertRefused(() -> new BelayConfig.Budget(1, 0, 0), "capacity");
    Duration hour = Duration.ofHours(1);
    assertRefused(() -> new Choice("best", 0, 0, hour, 1), "no strategy");
    assertRefused(() -> new Choice("random", 1.1, 0, hour, 1), "exploration must be 0 to 1");
    assertRefused(() -> new Choice("random", 0, -1, hour, 1), "max_cost must be 0 or more");
    assertRefused(() -> new Choice("random", 0, 0, century, 1), "at most 365 days");
    assertRefused(() -> new Choice("random", 0, 0, hour, 0), "max_sessions must be 1 to");
    assertRefused(() -> new ConfigProblem("f", 1, "", " "), "needs a message");
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable make, String message) {
    assertThatThrownBy(make)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
