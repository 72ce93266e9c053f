package dev.belay.server.cli.flow;

import dev.belay.flow.RunEvent;
import dev.belay.flow.RunStatus;
import dev.belay.flow.TaskStatus;
import dev.belay.server.cli.shared.Terminal;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One line of JSON for each thing that happens. */
final class JsonRunPrinter implements RunPrinter {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Terminal terminal;

  JsonRunPrinter(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void event(RunEvent event) {
    ObjectNode node = JSON.createObjectNode();
    node.put("sequence", event.sequence());
    node.put("at", event.at().toString());
    node.put("kind", RunWords.lower(event.kind()));
    node.put("run", event.run());
    if (!event.task().isEmpty()) {
      node.put("task", event.task());
    }
    if (!event.text().isEmpty()) {
      node.put("text", event.text());
    }
    if (event.change().orElse(null) instanceof TaskStatus task) {
      put(node, task);
    } else if (event.change().orElse(null) instanceof RunStatus run) {
      node.put("state", RunWords.lower(run.state()));
      node.put("why", run.why());
    } else if (event.change().isPresent()) {
      return; // attempts, messages and results are asked for where they are wanted
    }
    print(node);
  }

  static void put(ObjectNode node, TaskStatus task) {
    node.put("state", RunWords.lower(task.state()));
    node.put("why", task.why());
    node.put("attempts", task.attempts());
    task.outcome().ifPresent(outcome -> node.put("outcome", RunWords.lower(outcome)));
    task.until().ifPresent(until -> node.put("until", until.toString()));
    node.put("cost", task.spend().cost());
    node.put("tokens", task.spend().tokens());
    if (!task.branch().isEmpty()) {
      node.put("branch", task.branch());
    }
  }

  @Override
  public void end(RunStatus run) {
    ObjectNode node = JSON.createObjectNode();
    node.put("kind", "end");
    node.put("run", run.run());
    node.put("state", RunWords.lower(run.state()));
    node.put("why", run.why());
    node.put("cost", run.spend().cost());
    node.put("tokens", run.spend().tokens());
    print(node);
  }

  private void print(ObjectNode node) {
    terminal.out().println(node);
    terminal.out().flush();
  }

  @Override
  public void close() {
    // nothing was taken
  }
}
