package dev.belay.server.cli.llm;

import dev.belay.server.cli.shared.Figures;
import dev.belay.server.cli.shared.Table.Cell;
import dev.belay.server.cli.shared.Terminal;
import java.io.PrintWriter;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What the server says of reviews, in words for people. */
final class ReviewWords {
  /** What could move the cursor: a model may have written it. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]");

  private static final int SHORT = 48;

  private ReviewWords() {}

  /** A state as word and colour. */
  static Cell state(JsonNode state) {
    String word = state.asString("");
    return switch (word) {
      case "open" -> new Cell(word, "yellow");
      case "approved", "edited" -> new Cell(word, "green");
      case "rejected", "expired" -> new Cell(word, "red");
      default -> Cell.of(word);
    };
  }

  /** As much of a text as fits a column. */
  static String cut(String text) {
    int[] characters = text.strip().codePoints().limit(SHORT + 1L).toArray();
    return characters.length <= SHORT
        ? new String(characters, 0, characters.length)
        : new String(characters, 0, SHORT - 3) + "...";
  }

  /** All of a review that a person needs. */
  static void print(Terminal terminal, JsonNode review) {
    PrintWriter out = terminal.out();
    line(out, "ticket", review.path("ticket").asString(""));
    line(out, "state", standing(review));
    line(out, "parked", review.path("created").asString(""));
    line(out, "tenant", review.path("tenant").asString(""));
    line(out, "run", review.path("run_key").asString(""));
    line(out, "attempts", Long.toString(review.path("attempts_made").asLong(0)));
    section(terminal, "Question", review.path("question").asString(""));
    section(terminal, "Answer", answer(review.path("answer")));
    StringBuilder problems = new StringBuilder();
    for (JsonNode problem : review.path("problems")) {
      problems.append(problem(problem)).append('\n');
    }
    section(terminal, "What is wrong", problems.toString());
    JsonNode decision = review.path("decision");
    for (String text : new String[] {"answer", "note", "reason"}) {
      if (decision.has(text)) {
        section(terminal, "Decided " + text, decision.path(text).asString(""));
      }
    }
  }

  private static String standing(JsonNode review) {
    String state = review.path("state").asString("");
    JsonNode left = review.path("seconds_left");
    if (left.isNumber()) {
      return "%s, %s left".formatted(state, Figures.seconds(left.doubleValue()));
    }
    return review.has("reviewer")
        ? "%s by %s at %s"
            .formatted(
                state, review.path("reviewer").asString(""), review.path("decided").asString(""))
        : "%s at %s".formatted(state, review.path("expires").asString(""));
  }

  private static String answer(JsonNode answer) {
    StringBuilder text = new StringBuilder(answer.path("text").asString(""));
    if (!answer.path("refusal").asString("").isEmpty()) {
      text.append("\nrefused: ").append(answer.path("refusal").asString(""));
    }
    answer.path("tool_calls").forEach(call -> text.append("\ntool call: ").append(call));
    return text.toString();
  }

  private static String problem(JsonNode problem) {
    String pointer = problem.path("pointer").asString("");
    return "%s%s: %s"
        .formatted(
            problem.path("validator").asString(""),
            pointer.isEmpty() ? "" : " at " + pointer,
            problem.path("message").asString(""));
  }

  private static void line(PrintWriter out, String name, String value) {
    if (!value.isEmpty()) {
      out.println("%-9s %s".formatted(name, plain(value).replace('\n', ' ')));
    }
  }

  private static void section(Terminal terminal, String title, String text) {
    terminal.out().println();
    terminal.out().println(terminal.styled("bold", title));
    plain(text).strip().lines().forEach(line -> terminal.out().println("  " + line));
  }

  private static String plain(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }
}
