package dev.belay.server.cli.llm;

import dev.belay.server.cli.shared.Cells;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.LimitOption;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.cli.shared.Table;
import dev.belay.server.cli.shared.Table.Cell;
import dev.belay.server.cli.shared.Table.Column;
import dev.belay.server.remote.Control;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code belay reviews list}: what waits. */
@Command(
    name = "list",
    description = "List calls that wait for a person, the oldest first.",
    footer = {"", "Example:", "  belay reviews list --tenant acme"})
final class ReviewsListVerb implements Callable<Integer> {
  static final String PATH = "/api/v1/reviews";

  private static final String ALL = "all";
  private static final int PAGE = 100;

  private final Program belay;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--state",
      paramLabel = "STATES",
      defaultValue = "open",
      description =
          "Those that are open, approved, edited, retried, rejected or expired, several with"
              + " commas, or all; ${DEFAULT-VALUE} if not said.")
  private String state = "";

  @Option(names = "--tenant", paramLabel = "NAME", description = "Only those on behalf of it.")
  private @Nullable String tenant;

  @Mixin private LimitOption limit = new LimitOption();

  ReviewsListVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws InterruptedException {
    int most = limit.limit();
    List<JsonNode> reviews;
    try (Control control = server.connect(belay.terminal())) {
      reviews = pages(control, most);
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), Map.of("reviews", reviews));
    } else if (reviews.isEmpty()) {
      belay
          .terminal()
          .out()
          .println(
              state.equals("open") ? "No call waits for a person." : "No review is like that.");
    } else {
      table(reviews).print();
    }
    return ExitCode.OK;
  }

  private List<JsonNode> pages(Control control, int most) throws InterruptedException {
    Map<String, String> wishes = new LinkedHashMap<>();
    if (!state.equals(ALL)) {
      wishes.put("state", state);
    }
    if (tenant != null) {
      wishes.put("tenant", tenant);
    }
    List<JsonNode> all = new ArrayList<>();
    String next;
    do {
      wishes.put("limit", Integer.toString(Math.min(PAGE, most - all.size())));
      JsonNode page = control.get(PATH, wishes);
      page.path("reviews").forEach(all::add);
      next = page.path("next").asString("");
      wishes.put("after", next);
    } while (!next.isEmpty() && all.size() < most);
    return all;
  }

  private Table table(List<JsonNode> reviews) {
    Table table =
        new Table(
            belay.terminal(),
            Column.left("TICKET"),
            Column.left("STATE"),
            Column.right("AGE"),
            Column.right("LEFT"),
            Column.left("TENANT"),
            Column.right("ATTEMPTS"),
            Column.left("QUESTION"),
            Column.left("PROBLEM"));
    for (JsonNode review : reviews) {
      table.row(
          Cells.text(review.path("ticket")),
          ReviewWords.state(review.path("state")),
          Cells.seconds(review.path("age")),
          Cells.seconds(review.path("seconds_left")),
          Cells.text(review.path("tenant")),
          Cells.count(review.path("attempts_made")),
          Cell.of(ReviewWords.cut(review.path("question").asString(""))),
          Cell.of(ReviewWords.cut(review.at("/problems/0/message").asString(""))));
    }
    return table;
  }
}
