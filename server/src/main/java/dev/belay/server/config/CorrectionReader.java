package dev.belay.server.config;

import dev.belay.Backoff;
import dev.belay.llm.McpServer;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.correct.Escalation;
import dev.belay.llm.correct.HistoryPolicy;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads how answers that do not pass are asked for again, and what that may cost. */
final class CorrectionReader {
  private static final Pattern ANY = Pattern.compile("(?s).{0,100000}");
  private static final Pattern WORD = Pattern.compile("[^\\x00-\\x1f]{1,4096}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Range<Integer> COUNT = Range.of(1, Integer.MAX_VALUE);
  private static final Range<Integer> FAILURES = Range.of(0, 100);

  private final Set<String> routes;

  /** For models that are among these. */
  CorrectionReader(Set<String> routes) {
    this.routes = routes;
  }

  CorrectionPolicy read(Section section) {
    CorrectionPolicy from = CorrectionPolicy.DEFAULT;
    CorrectionPolicy.Builder policy =
        CorrectionPolicy.builder()
            .maxAttempts(section.whole("max_attempts", Range.of(1, 100), from.maxAttempts()))
            .repeatsQuestion(section.yesNo("repeat_question", from.repeatsQuestion()))
            .sameAnswers(section.whole("same_answers", FAILURES, from.sameAnswers()))
            .history(history(section.oneOf("history", List.of("last", "all"), "last")))
            .humanAfter(section.whole("human_after", FAILURES, 0));
    Duration delay =
        section.length("delay", Range.of(Duration.ZERO, Duration.ofHours(1)), Duration.ZERO);
    if (delay.isPositive()) {
      policy.delay(Backoff.fixed(delay));
    }
    if (section.has("tool")) {
      policy.tool(tool(section, section.section("tool")));
    }
    if (section.has("model")) {
      model(section.section("model"), policy);
    }
    section.close();
    return section.build(policy::build, from);
  }

  private static HistoryPolicy history(String word) {
    return word.equals("all") ? HistoryPolicy.APPEND_ALL : HistoryPolicy.LAST_ONLY;
  }

  private void model(Section section, CorrectionPolicy.Builder policy) {
    int after = section.whole("after", COUNT, 1);
    String route = section.text("route", WORD, "a route's name", "");
    section.close();
    if (!routes.contains(route)) {
      section.wrong("route", "must be one of llm.routes: " + String.join(", ", routes));
    } else {
      policy.modelAfter(after, route);
    }
  }

  private static Escalation.ToolHelp tool(Section above, Section section) {
    int after = section.whole("after", COUNT, 1);
    String name = section.text("name", WORD, "a tool's name", "");
    String instruction = section.text("instruction", ANY, "a text", "");
    Section named = section.section("servers");
    List<McpServer> servers = new ArrayList<>();
    for (String server : named.keys()) {
      servers.add(server(server, named));
    }
    section.close();
    return above.build(
        () -> new Escalation.ToolHelp(after, name, instruction, servers), Escalation.ToolHelp.OFF);
  }

  private static McpServer server(String name, Section above) {
    Section section = above.section(name);
    if (section.has("url") == section.has("command")) {
      above.wrong(name, "needs either a url or a command");
    }
    String url = section.text("url", WORD, "an address", "http://127.0.0.1");
    String command = section.text("command", WORD, "a program", "true");
    String type = section.oneOf("type", List.of("http", "sse"), "http");
    List<String> args = texts(section, "args");
    List<String> tools = texts(section, "tools");
    Map<String, String> env = secrets(section.section("env"));
    Map<String, String> headers = secrets(section.section("headers"));
    boolean isProgram = section.has("command");
    section.close();
    return isProgram
        ? new McpServer.Stdio(name, command, args, env)
        : new McpServer.Remote(name, type, url, headers, tools);
  }

  private static List<String> texts(Section section, String key) {
    return section.list(key, "texts", place -> place.text(ANY, "a text"), List.of());
  }

  private static Map<String, String> secrets(Section section) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String key : section.keys()) {
      if (!NAME.matcher(key).matches()) {
        section.wrong(key, "a name must be 1 to 64 letters, digits, dots, underscores or hyphens");
      }
      values.put(key, section.secret(key, ANY, "a text", ""));
    }
    return values;
  }

  static BudgetLimits budget(Section section) {
    BudgetLimits from = BudgetLimits.NONE;
    BudgetLimits limits =
        from.withAttempts(section.whole("attempts", COUNT, from.attempts()))
            .withRetries(section.whole("retries", Range.of(0, Integer.MAX_VALUE), from.retries()))
            .withTokens(section.whole("tokens", COUNT, 0))
            .withDollars(section.number("dollars", Range.of(0.0, 1e6), 0.0));
    section.close();
    return limits;
  }
}
