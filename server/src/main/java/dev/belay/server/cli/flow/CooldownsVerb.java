package dev.belay.server.cli.flow;

import dev.belay.Time;
import dev.belay.flow.Cooldown;
import dev.belay.server.FlowDesk;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code belay cooldowns}: accounts that have used up what they may. */
@Command(
    name = "cooldowns",
    description = "List accounts that rest because a limit is used up, or let one go on.",
    footer = {"", "Example:", "  belay cooldowns", "  belay cooldowns --end claude"})
final class CooldownsVerb implements Callable<Integer> {
  private final Program belay;

  @Mixin private FlowOptions options = new FlowOptions();

  @Option(names = "--end", paramLabel = "ACCOUNT", description = "Let this one go on now.")
  private @Nullable String account;

  CooldownsVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (FlowDesk desk = options.open(belay.terminal())) {
      if (account != null) {
        boolean rested = desk.engine().endCooldown(account);
        belay
            .terminal()
            .out()
            .println(
                belay.isJson()
                    ? "{\"ended\":%s}".formatted(rested)
                    : rested ? "account %s goes on".formatted(account) : "it did not rest");
        return rested ? ExitCode.OK : ExitCode.FAILED;
      }
      list(desk.engine().cooldowns());
      return ExitCode.OK;
    }
  }

  private void list(List<Cooldown> all) {
    if (belay.isJson()) {
      ArrayNode array = JsonMapper.shared().createArrayNode();
      for (Cooldown one : all) {
        ObjectNode node = array.addObject();
        node.put("account", one.account());
        node.put("until", one.until().toString());
        node.put("reason", one.reason());
        node.put("source", one.source());
      }
      Json.print(belay.terminal(), array);
      return;
    }
    if (all.isEmpty()) {
      belay.terminal().out().println("no account rests");
      return;
    }
    Table table =
        new Table(
            belay.terminal(),
            Table.Column.left("ACCOUNT"),
            Table.Column.right("GOES ON IN"),
            Table.Column.left("FROM"),
            Table.Column.left("WHY"));
    for (Cooldown one : all) {
      table.row(
          one.account(),
          RunWords.length(Duration.between(Time.system().instant(), one.until())),
          one.source(),
          one.reason());
    }
    table.print();
  }
}
