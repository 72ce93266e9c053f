package dev.belay.server.api;

import dev.belay.chaos.inject.PolicyRefused;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers about faults, in the shapes that published executors have. */
final class FaultAnswers {
  /** Whatever it says that it is: published executors never looked. */
  static final Bodies ANY = new Bodies(List.of(), 1 << 20);

  private FaultAnswers() {}

  static Reply json(int status, Object tree) {
    return Reply.of(status, "application/json", Buffer.buffer(Json.write(tree)));
  }

  static Reply ok(Object tree) {
    return json(200, tree);
  }

  /** The same operation, whose refusals are answered in their own shape. */
  static Routes.Operation guarded(Routes.Operation operation) {
    return ask -> {
      try {
        return operation.answer(ask);
      } catch (PolicyRefused refused) {
        return refusal(refused);
      } catch (WireException wrong) {
        return malformed(wrong);
      }
    };
  }

  private static Reply malformed(Exception wrong) {
    return json(400, Map.of("error", "invalid request body: " + wrong.getMessage()));
  }

  private static Reply refusal(PolicyRefused refused) {
    return switch (refused.reason()) {
      case MALFORMED -> malformed(refused);
      case INVALID -> error(400, "invalid_input", refused);
      case EXISTS -> error(409, "resource_already_exists", refused);
      case MISSING -> missing(String.valueOf(refused.getMessage()));
      case HALTED -> error(409, "halted", refused);
      case FULL -> error(409, "too_many_policies", refused);
    };
  }

  private static Reply error(int status, String code, PolicyRefused refused) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("error", code);
    tree.put("message", refused.getMessage());
    return json(status, tree);
  }

  static Reply missing(String message) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("error", "not_found");
    tree.put("message", message);
    tree.put("details", Map.of("resource", "policy"));
    return json(404, tree);
  }

  static Tree tree(Ask ask) {
    return Json.read(ask.text());
  }
}
