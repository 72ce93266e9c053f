package dev.belay.llm.correct;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.llm.McpServer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * After how many failed answers which help comes. Immutable.
 *
 * @param tool a tool to use
 * @param model another model to ask
 * @param humanAfter failed answers after which a person decides; 0 for never
 */
public record Escalation(ToolHelp tool, ModelHelp model, int humanAfter) {

  /** No help: the model is asked again, and that is all. */
  public static final Escalation OFF = new Escalation(ToolHelp.OFF, ModelHelp.OFF, 0);

  /**
   * A tool that the model is told to use.
   *
   * @param after failed answers after which it is told, 0 for never; the servers go along with that
   *     same request, and with none before it
   * @param name of the tool; if empty, the names of the servers
   * @param instruction what to do with it; if empty, one in general words
   * @param servers where the tool is
   */
  public record ToolHelp(int after, String name, String instruction, List<McpServer> servers) {
    /** Never. */
    public static final ToolHelp OFF = new ToolHelp(0, "", "", List.of());

    /** Keeps a copy; rejects a tool that nobody can name. */
    public ToolHelp {
      requireNonNull(name, "name");
      requireNonNull(instruction, "instruction");
      servers = List.copyOf(servers);
      Check.that(after >= 0, "tool_after must be 0 (off) or more, was %d", after);
      Check.that(
          after == 0 || !name.isBlank() || !servers.isEmpty(),
          "tool_after is %d, but neither a tool's name nor a server of tools is given",
          after);
    }

    /** What the model is told to use. */
    String names() {
      return name.isBlank()
          ? servers.stream().map(McpServer::name).collect(Collectors.joining(", "))
          : name;
    }
  }

  /**
   * Another model.
   *
   * @param after failed answers after which it is asked, 0 for never
   * @param name of the model, or of the route that leads to it
   */
  public record ModelHelp(int after, String name) {
    /** Never. */
    public static final ModelHelp OFF = new ModelHelp(0, "");

    /** Rejects a model without a name. */
    public ModelHelp {
      requireNonNull(name, "name");
      Check.that(after >= 0, "model_after must be 0 (off) or more, was %d", after);
      Check.that(after == 0 || !name.isBlank(), "model_after is %d, but no model is given", after);
    }
  }

  /** Rejects an order in which help would come too late to help. */
  public Escalation {
    requireNonNull(tool, "tool");
    requireNonNull(model, "model");
    Check.that(humanAfter >= 0, "human_after must be 0 (off) or more, was %d", humanAfter);
    before("tool_after", tool.after, "model_after", model.after);
    before("tool_after", tool.after, "human_after", humanAfter);
    before("model_after", model.after, "human_after", humanAfter);
  }

  private static void before(String first, int one, String second, int other) {
    Check.that(
        one == 0 || other == 0 || one < other,
        "%s must be below %s, was %d with %s %d",
        first,
        second,
        one,
        second,
        other);
  }

  /** Rejects help that comes after the last attempt. */
  void fit(int maxAttempts) {
    within("tool_after", tool.after, maxAttempts - 1, maxAttempts);
    within("model_after", model.after, maxAttempts - 1, maxAttempts);
    within("human_after", humanAfter, maxAttempts, maxAttempts);
  }

  private static void within(String name, int value, int most, int maxAttempts) {
    Check.that(
        value <= most,
        "%s must be at most %d, was %d with max_attempts %d",
        name,
        most,
        value,
        maxAttempts);
  }

  /** What the request has that follows on so many failed answers. */
  Stage after(int failures) {
    if (model.after > 0 && failures >= model.after) {
      return Stage.MODEL;
    }
    return hasTool(failures) ? Stage.TOOL : Stage.BASIC;
  }

  boolean hasTool(int failures) {
    return tool.after > 0 && failures >= tool.after;
  }

  boolean isHuman(int failures) {
    return humanAfter > 0 && failures >= humanAfter;
  }

  /** Whether more help comes after more failures than these. */
  boolean hasMore(int failures) {
    return tool.after > failures || model.after > failures || humanAfter > failures;
  }
}
