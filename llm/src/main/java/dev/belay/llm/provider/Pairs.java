package dev.belay.llm.provider;

import dev.belay.llm.Message.Role;
import dev.belay.llm.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the result of each tool call right behind the turn that asked for it. A call without a
 * result gets one that says so; a result without a call becomes plain words.
 */
final class Pairs {
  private final List<Turn> turns;

  /** For each assistant's turn, by its place, the calls in it with what came back. */
  private final Map<Integer, Map<String, Optional<Part.ToolResult>>> open = new LinkedHashMap<>();

  private Pairs(List<Turn> turns) {
    this.turns = turns;
  }

  static List<Turn> join(List<Turn> turns) {
    boolean plain =
        turns.stream()
            .flatMap(turn -> turn.parts().stream())
            .noneMatch(p -> p instanceof Part.ToolCall || p instanceof Part.ToolResult);
    return plain ? turns : new Pairs(turns).joined();
  }

  private List<Turn> joined() {
    List<Optional<Turn>> rest = new ArrayList<>();
    for (int place = 0; place < turns.size(); place++) {
      rest.add(withoutResults(turns.get(place)));
      Map<String, Optional<Part.ToolResult>> calls = new LinkedHashMap<>();
      for (Part.ToolCall call : turns.get(place).all(Part.ToolCall.class)) {
        calls.put(call.id(), Optional.empty());
      }
      if (!calls.isEmpty()) {
        open.put(place, calls);
      }
    }
    List<Turn> all = new ArrayList<>();
    for (int place = 0; place < turns.size(); place++) {
      rest.get(place).ifPresent(all::add);
      if (open.containsKey(place)) {
        all.add(new Turn(Role.USER, results(open.get(place))));
      }
    }
    return all;
  }

  /** What is left of a turn when its results have gone to their calls. */
  private Optional<Turn> withoutResults(Turn turn) {
    List<Part> left = new ArrayList<>();
    for (Part part : turn.parts()) {
      if (!(part instanceof Part.ToolResult result)) {
        left.add(part);
      } else if (!answer(result)) {
        left.add(
            new Part.Text("Result of tool call %s: %s".formatted(result.id(), result.content())));
      }
    }
    return left.isEmpty() ? Optional.empty() : Optional.of(new Turn(turn.role(), left));
  }

  /** The newest call of this id that has no result yet gets it. */
  private boolean answer(Part.ToolResult result) {
    for (Map<String, Optional<Part.ToolResult>> calls :
        open.values().stream().toList().reversed()) {
      if (calls.containsKey(result.id()) && calls.get(result.id()).isEmpty()) {
        calls.put(result.id(), Optional.of(result));
        return true;
      }
    }
    return false;
  }

  private static List<Part> results(Map<String, Optional<Part.ToolResult>> calls) {
    List<Part> all = new ArrayList<>();
    calls.forEach((id, result) ->
        all.add(result.orElseGet(() -> new Part.ToolResult(id, Turns.NO_RESULT, true))));
    return all;
  }
}
