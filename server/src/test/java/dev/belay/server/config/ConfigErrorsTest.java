package dev.belay.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.settings.ConfigException;
import dev.belay.settings.ConfigProblem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigErrorsTest {
  private static final String LENGTH = "must be a length of time such as 250ms, 1.5s, 2m or 1h, ";

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void namesTheLineTheKeyAndWhatIsWrong(String yaml, String problem) {
    assertThat(problems(yaml)).containsExactly("belay.yaml:" + problem);
  }

  static Stream<Arguments> wrongFiles() {
    return Stream.of(values(), keys(), doors(), pools(), variables(), syntax())
        .flatMap(all -> all.map(one -> Arguments.of(one[0], one[1])));
  }

  private static Stream<String[]> values() {
    return Stream.of(
        wrong(
            "control:\n  port: 65536",
            "2: control.port: must be a whole number, 0 to 65535; was 65536"),
        wrong(
            "control: {port: \"80\"}",
            "1: control.port: must be a whole number, 0 to 65535; was text '80'"),
        wrong(
            "control: {port: 80.5}",
            "1: control.port: must be a whole number, 0 to 65535; was 80.5"),
        wrong(
            "control: {port: [80]}",
            "1: control.port: must be a whole number, 0 to 65535; was a list"),
        wrong(
            "control: {port: null}",
            "1: control.port: must be a whole number, 0 to 65535; was nothing"),
        wrong(
            "retry: {multiplier: 1}",
            "1: retry.multiplier: must be a number, above 1 and at most 10; was 1"),
        wrong(
            "retry: {multiplier: .inf}",
            "1: retry.multiplier: must be a number, above 1 and at most 10; was .inf"),
        wrong(
            "retry: {multiplier: fast}",
            "1: retry.multiplier: must be a number, above 1 and at most 10; was text 'fast'"),
        wrong(
            "retry: {multiplier: \"${A:-fast}\"}",
            "1: retry.multiplier: must be a number, above 1 and at most 10; was the value of"
                + " ${A}"),
        wrong(
            "retry:\n\n  base_delay: 0",
            "3: retry.base_delay: " + LENGTH + "above 0s and at most 1h; was 0"),
        wrong(
            "proxy: {pool: [{url: \"http://a:1\", expires_at: soon}]}",
            "1: proxy.pool[0].expires_at: must be a moment in quotes, such as"
                + " \"2030-12-31T00:00:00Z\"; was text 'soon'"),
        wrong(
            "proxy: {pool: [{url: \"http://a:1\", expires_at: \"2030-13-31T00:00:00Z\"}]}",
            "1: proxy.pool[0].expires_at: must be a moment in quotes, such as"
                + " \"2030-12-31T00:00:00Z\"; there is no such day or hour"),
        wrong(
            "proxy: {strategy: random, exploration: 0.2}",
            "1: proxy.exploration: is for the strategy best-recent only; it is random here"),
        wrong(
            "proxy: {max_cost: 2}",
            "1: proxy.max_cost: is for the strategy cost-aware only; it is best-recent here"),
        wrong(
            "retry: {base_delay: 2 days}",
            "1: retry.base_delay: " + LENGTH + "above 0s and at most 1h; was some text"),
        wrong(
            "retry: {timeout: -1s}",
            "1: retry.timeout: " + LENGTH + "above 0s, or null for none; was text '-1s'"),
        wrong(
            "retry: {max_hint_wait: -1}",
            "1: retry.max_hint_wait: " + LENGTH + "at least 0s; was -1"),
        wrong(
            "retry: {jitter: 7}",
            "1: retry.jitter: must be one of true, false, none, proportional, equal, full,"
                + " decorrelated; was 7"),
        wrong(
            "retry: {backoff_strategy: exponental}",
            "1: retry.backoff_strategy: must be one of exponential, linear, fixed, fibonacci; was"
                + " text 'exponental'; did you mean exponential?"),
        wrong(
            "retry: {retry_non_idempotent: yes}",
            "1: retry.retry_non_idempotent: must be true or false; was text 'yes'"),
        wrong(
            "retry:\n  retry_status_codes:\n    - 503\n    - 404",
            "4: retry.retry_status_codes[1]: must be 408, 425, 429 or 500 to 599; was 404"),
        wrong(
            "retry: {retry_status_codes: 503}",
            "1: retry.retry_status_codes: must be a list of HTTP statuses; was a number"),
        wrong(
            "retry: {hedge: true}", "1: retry.hedge: must be a mapping of keys; was true or false"),
        wrong(
            "retry: {hedge: {percentile: 0.9}}",
            "1: retry.hedge: needs a delay, after which the extra attempt starts"),
        wrong(
            "retry: {hedge: {delay: 1s, percentile: 1}}",
            "1: retry.hedge.percentile: must be a number, at least 0 and below 1; was 1"),
        wrong(
            "circuit_breaker: {failure_threshold: 0}",
            "1: circuit_breaker: one of failure_threshold, failure_rate, consecutive_failures and"
                + " slow_rate must be on"),
        wrong(
            "circuit_breaker:\n  timeout_duration: 1m\n  max_open_duration: 30s",
            "3: circuit_breaker.max_open_duration: must be at least timeout_duration, which is"
                + " 1m; was 30s"),
        wrong(
            "circuit_breaker: {slow_rate: 0.5}",
            "1: circuit_breaker.slow_rate: needs slow_call, the length from which a call is slow"),
        wrong(
            "chaos: {guard: {windows: [{days: [mon, funday]}]}}",
            "1: chaos.guard.windows[0].days[1]: must be one of mon, tue, wed, thu, fri, sat, sun;"
                + " was text 'funday'"),
        wrong(
            "chaos:\n  guard:\n    windows:\n      - {from: \"25:00\"}",
            "4: chaos.guard.windows[0].from: must be a time of day from \"00:00\" to \"23:59\", in"
                + " quotes; was text '25:00'"),
        wrong(
            "chaos: {guard: {windows: [{zone: Moon/Crater}]}}",
            "1: chaos.guard.windows[0].zone: must be a zone such as UTC or Europe/Berlin; was"
                + " Moon/Crater"),
        wrong(
            "chaos: {guard: {trial_timeout: 2h}}",
            "1: chaos.guard.trial_timeout: " + LENGTH + "1s to 1h; was text '2h'"),
        wrong(
            "store: {url: \"mysql://root:CANARY+@db/x\"}",
            "1: store.url: must be sqlite:FILE or postgresql://HOST/DATABASE"),
        wrong(
            "control: {token: 12345}",
            "1: control.token: must be visible ASCII without spaces; put quotes around it"),
        wrong(
            "proxy: {max_head_size: 1TB}",
            "1: proxy.max_head_size: must be a size such as 512, 64KB or 1MB, 64 bytes to 1048576"
                + " bytes; was text '1TB'"),
        wrong(
            "proxy: {max_head_size: \"4096\"}",
            "1: proxy.max_head_size: must be a size such as 512, 64KB or 1MB, 64 bytes to 1048576"
                + " bytes; was text '4096'"),
        wrong(
            "proxy: {body_memory: 2MB, body_total: 1MB}",
            "1: proxy.body_total: must be at least body_memory, which is 2097152 bytes; was"
                + " 1048576"));
  }

  private static Stream<String[]> keys() {
    return Stream.of(
        wrong(
            "control:\n  prot: 80",
            "2: control.prot: unknown key; did you mean port? known here: host, port, token,"
                + " strict_status_codes"),
        wrong("store: {file: x}", "1: store.file: unknown key; known here: url, instance, history"),
        wrong(
            "store: {history: 23h}",
            "1: store.history: " + LENGTH + "24h to 2160h; was text '23h'"),
        wrong(
            "store: {instance: \"a b\"}",
            "1: store.instance: must be 1 to 64 letters, digits, underscores or hyphens; was some"
                + " text"),
        wrong(
            "weather: {port: 8090}",
            "1: weather: unknown key; known here: control, store, retry, circuit_breaker, budget,"
                + " policies, proxy, llm, flow, chaos"),
        wrong(
            "budget:\n  share: 1\n  share: 2",
            "3: budget.share: is there twice; the first one is in line 2"),
        wrong("retry: 3", "1: retry: must be a mapping of keys; was a number"),
        wrong("policies: [a]", "1: policies: must be a mapping of keys; was a list"),
        wrong(
            "policies:\n  default: {max_attempts: 2}",
            "2: policies.default: is what retry: says; write its keys there"),
        wrong(
            "policies: {critical: {}}",
            "1: policies.critical: comes with Belay; choose another name, and start it with"
                + " preset: critical"),
        wrong(
            "policies: {my policy: {}}",
            "1: policies.?: a policy's name must be 1 to 64 letters, digits, dots, underscores or"
                + " hyphens"),
        wrong(
            "policies: {mine: {preset: hi-volume}}",
            "1: policies.mine.preset: must be one of default, none, high-volume, rate-limited,"
                + " critical, fast-failover; was text 'hi-volume'; did you mean high-volume?"));
  }

  private static Stream<String[]> doors() {
    return Stream.of(
        wrong(
            "control:\n  host: 0.0.0.0",
            "2: control.host: is 0.0.0.0, which others can reach: add control.token, or use"
                + " 127.0.0.1"),
        wrong(
            "proxy: {host: \"::\"}",
            "1: proxy.host: is ::, which others can reach: add proxy.users, or use 127.0.0.1"),
        wrong(
            "proxy: {host: 127.0.0.1.example}",
            "1: proxy.host: is 127.0.0.1.example, which others can reach: add proxy.users, or use"
                + " 127.0.0.1"),
        wrong(
            "proxy: {host: \"a b\"}",
            "1: proxy.host: must be a host name or an address, without brackets; was some text"),
        wrong(
            "proxy:\n  port: 8080",
            "2: proxy.port: is 8080, and so is control.port; give each its own, or 0 for any free"
                + " one"),
        wrong(
            "control:\n  port: 8119",
            "2: control.port: is 8119, and so is proxy.socks_port; give each its own, or 0 for any"
                + " free one"),
        wrong(
            "proxy:\n  users:\n    alice: 12345",
            "3: proxy.users.alice: must be a password of 1 to 255 characters as text; put quotes"
                + " around it"),
        wrong(
            "proxy: {users: {alice: \"\"}}",
            "1: proxy.users.alice: must be a password of 1 to 255 characters as text"),
        wrong(
            "proxy: {users: {\"a:b\": \"CANARY+\"}}",
            "1: proxy.users.?: a user's name must be 1 to 255 characters, no ':' among them"),
        wrong(
            "proxy: {users: \"bob:CANARY+\"}",
            "1: proxy.users: must be a mapping of keys; was text"));
  }

  private static Stream<String[]> pools() {
    return Stream.of(
        wrong(
            "proxy:\n  pool:\n    - {url: \"http://u:CANARY+@host\"}",
            "3: proxy.pool[0].url: proxy address http://… has no port; write http://host:3128,"
                + " say"),
        wrong(
            "proxy:\n  pool:\n    - {}",
            "3: proxy.pool[0]: needs a url such as http://proxy-1.example:3128"),
        wrong(
            "proxy:\n  pool:\n    - http://u:CANARY+@h:1",
            "3: proxy.pool[0]: must be a mapping of keys; was text"),
        wrong(
            "proxy: {pool: [{url: 7}]}",
            "1: proxy.pool[0].url: must be a URL; put quotes around it"),
        wrong(
            "proxy:\n  pool:\n    - {url: \"http://a:1\"}\n    - {url: \"http://A:1/\"}",
            "4: proxy.pool[1].url: is in the pool twice; the first one is in line 3"),
        wrong(
            "proxy: {pool: [{url: \"http://a:1\", country: USA}]}",
            "1: proxy.pool[0].country: must be a country of two letters such as US; was text"
                + " 'USA'"),
        wrong(
            "proxy: {pool: [{url: \"http://a:1\", tags: [\"a b\"]}]}",
            "1: proxy.pool[0].tags[0]: must be 1 to 64 letters, digits, dots, colons, hyphens; was"
                + " some text"),
        wrong(
            "proxy: {pool: [{\"http://u:CANARY+@h:1\": 1, url: \"http://a:1\"}]}",
            "1: proxy.pool[0].?: unknown key; known here: url, region, country, tags, weight,"
                + " cost, max_concurrent, expires_at"));
  }

  private static Stream<String[]> variables() {
    return Stream.of(
        wrong(
            "control:\n  token: ${NOT_SET}",
            "2: control.token: environment variable NOT_SET is not set; set it, or write"
                + " ${NOT_SET:-default}"),
        wrong(
            "control: {token: \"${CANARY+\"}",
            "1: control.token: has a '${' that starts no ${NAME} or ${NAME:-default}; a plain one"
                + " is written $${"),
        wrong(
            "control: {token: \"" + "${LONG:-x}".repeat(80_000) + "\"}",
            "1: control.token: is longer than 65536 characters"));
  }

  private static Stream<String[]> syntax() {
    return Stream.of(
        wrong("a: 1\n\tb: 2", "2: a tab; YAML is indented with spaces"),
        wrong("store:\n  url: 'CANARY+", "2: a quote is opened here and never closed"),
        wrong("proxy: {users: {a: CANARY+}", "1: a bracket is opened here and never closed"),
        wrong(
            "control: {port: 1, token: ${CANARY+}}",
            "1: a comma or a closing bracket is missing; within brackets, put quotes around texts"
                + " such as \"${NAME}\""),
        wrong("control: {}\nCANARY+\nport: 1", "2: a key without a ':'"),
        wrong(
            "control:\n  token: CANARY+: b",
            "2: a ':' where no key can be: check the indentation, or put quotes around the text"),
        wrong(
            "control:\n    port: 1\n  host: CANARY+",
            "3: does not fit the lines above: check the indentation"),
        wrong("control: @CANARY+", "1: not valid YAML: check indentation, quotes and brackets"),
        wrong("a: b\n\u0001", "2: a control character, which YAML does not allow"),
        wrong("a: b\n# \ud800", "2: half a character, which Unicode does not allow"),
        wrong("a: b\n# \ude00", "2: half a character, which Unicode does not allow"),
        wrong("- a", "1: must be a mapping of keys such as proxy: and retry:"),
        wrong("CANARY+", "1: must be a mapping of keys such as proxy: and retry:"),
        wrong("a: 1\n---\nb: 1", "3: a second document; a configuration is one"),
        wrong(
            "retry: &r {max_attempts: 2}",
            "1: anchors and aliases are not supported; write it out"),
        wrong("retry: *r", "1: anchors and aliases are not supported; write it out"),
        wrong("retry: !!map {}", "1: tags are not supported; write the value without one"),
        wrong("a: " + "[".repeat(20) + "]".repeat(20), "1: nested more than 16 levels deep"));
  }

  private static String[] wrong(String yaml, String problem) {
    return new String[] {yaml, problem};
  }

  @Test
  void tellsEverythingAtOnceInTheOrderOfTheLines() {
    assertThat(
            problems(
                """
                proxy:
                  prot: 1
                  pool:
                    - {url: "ftp://x"}
                retry: {max_attempts: 0}
                control:
                  port: -1
                """))
        .extracting(line -> line.replaceAll("^(belay.yaml:\\d+: [^:]+):.*", "$1"))
        .containsExactly(
            "belay.yaml:2: proxy.prot",
            "belay.yaml:4: proxy.pool[0].url",
            "belay.yaml:5: retry.max_attempts",
            "belay.yaml:7: control.port");
  }

  @Test
  void keepsTheListShort() {
    List<String> problems = problems("proxy:\n  pool:\n" + "    - {}\n".repeat(250));

    assertThat(problems).hasSize(101);
    assertThat(problems.getLast()).isEqualTo("belay.yaml: and 150 problems more");
  }

  @Test
  void aBillionLaughsEndAtTheFirst() {
    assertThat(problems("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"))
        .containsExactly("belay.yaml:1: anchors and aliases are not supported; write it out");
  }

  @Test
  void neverShowsASecret() {
    wrongFiles()
        .map(wrong -> String.valueOf(wrong.get()[0]))
        .forEach(
            yaml -> assertThat(String.join("\n", problems(yaml))).doesNotContain(Examples.CANARY));
    String wrongEverywhere =
        """
        control: {host: "${PASS}", port: "${PASS}", token: "${PASS} "}
        store: {url: "${PASS}"}
        retry: {base_delay: "${PASS}", jitter: "${PASS}", multiplier: "${PASS}"}
        proxy: {strategy: "${PASS}", allow_private: "${PASS}", pool: [{url: "${PASS}"}]}
        """;
    assertThat(problems(wrongEverywhere)).hasSize(10);
    assertThat(String.join("\n", problems(wrongEverywhere))).doesNotContain(Examples.CANARY);
  }

  private static List<String> problems(String yaml) {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> Examples.parse(yaml));
    assertThat(refused).as(yaml).isNotNull();
    return refused.problems().stream().map(ConfigProblem::toString).toList();
  }
}
