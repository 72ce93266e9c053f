package dev.belay.server.cli.flow;

import dev.belay.flow.Plan;
import dev.belay.flow.plan.PlanOutlook;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.Table;
import dev.belay.server.cli.shared.Terminal;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a plan comes to, before it is run. */
final class OutlookText {
  private OutlookText() {}

  static void print(Program belay, PlanOutlook outlook, Plan plan) {
    if (belay.isJson()) {
      json(belay.terminal(), outlook, plan);
    } else {
      text(belay.terminal(), outlook, plan);
    }
  }

  private static void text(Terminal terminal, PlanOutlook outlook, Plan plan) {
    Table table =
        new Table(
            terminal,
            Table.Column.right("LEVEL"),
            Table.Column.left("TASK"),
            Table.Column.left("BY"),
            Table.Column.left("NEEDS"),
            Table.Column.right("ATTEMPTS"),
            Table.Column.right("AT MOST"));
    for (PlanOutlook.Row row : outlook.rows()) {
      table.row(
          "" + row.level(),
          row.task().id(),
          by(row),
          String.join(" ", row.task().needs()),
          "" + row.attempts(),
          RunWords.length(row.worst()));
    }
    table.print();
    terminal
        .out()
        .println(
            "%d tasks, %d at once: at most %d attempts and %s, %s in the longest row; %s"
                .formatted(
                    outlook.rows().size(),
                    plan.limits().concurrency(),
                    outlook.attempts(),
                    RunWords.length(outlook.worst()),
                    RunWords.length(outlook.longestChain()),
                    Double.isInfinite(outlook.cost())
                        ? "no budget of money"
                        : String.format(Locale.ROOT, "at most $%.2f", outlook.cost())));
    terminal
        .out()
        .println("Waits for accounts that rest and for backends that fail are not in it.");
  }

  private static String by(PlanOutlook.Row row) {
    return row.backends().stream()
        .map(some -> String.join(" or ", some))
        .collect(Collectors.joining(", then "));
  }

  private static void json(Terminal terminal, PlanOutlook outlook, Plan plan) {
    ObjectNode node = JsonMapper.shared().createObjectNode();
    node.put("name", plan.name());
    node.put("attempts", outlook.attempts());
    node.put("worst_seconds", outlook.worst().toMillis() / 1e3);
    node.put("longest_chain_seconds", outlook.longestChain().toMillis() / 1e3);
    if (Double.isFinite(outlook.cost())) {
      node.put("cost", outlook.cost());
    }
    ArrayNode rows = node.putArray("order");
    for (PlanOutlook.Row row : outlook.rows()) {
      ObjectNode one = rows.addObject();
      one.put("task", row.task().id());
      one.put("level", row.level());
      one.put("attempts", row.attempts());
      one.put("worst_seconds", row.worst().toMillis() / 1e3);
      ArrayNode needs = one.putArray("needs");
      row.task().needs().forEach(needs::add);
    }
    terminal.out().println(node);
  }
}
