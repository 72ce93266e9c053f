package dev.belay.testkit.llm;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What one provider puts up with.
 *
 * @param keys those that it knows; none at all means any
 * @param models those that it has; none at all means any
 * @param lenient whether it takes requests that the real API would refuse
 * @param alternates whether roles must alternate, as Anthropic's once had to
 */
record Rules(Set<String> keys, List<String> models, boolean lenient, boolean alternates) {

  Rules {
    keys = Set.copyOf(keys);
    models = List.copyOf(models);
  }

  /** What is wrong with a key, if anything. */
  Optional<Fault> stranger(String key, Dialect dialect) {
    boolean known = keys.isEmpty() ? !key.isEmpty() || lenient : keys.contains(key);
    return known ? Optional.empty() : Optional.of(Voice.of(dialect).unauthorized(key.isEmpty()));
  }

  Optional<Fault> objection(LlmRequest request, Optional<JsonNode> body) {
    return stranger(request.key(), request.dialect())
        .or(() -> lenient ? Optional.empty() : nonsense(request, body))
        .or(() -> unknownModel(request));
  }

  private Optional<Fault> nonsense(LlmRequest request, Optional<JsonNode> body) {
    if (!request.http().method().equals("POST")) {
      return Optional.of(Fault.of(Trouble.METHOD));
    }
    if (body.isEmpty()) {
      return Optional.of(
          Fault.of(Trouble.INVALID)
              .message(
                  "We could not parse the JSON body of your request. It must be a JSON object."));
    }
    return Voice.of(request.dialect())
        .objection(request, body.get())
        .or(() -> turns(request, body.get()));
  }

  private Optional<Fault> turns(LlmRequest request, JsonNode body) {
    if (!alternates || request.dialect() != Dialect.ANTHROPIC) {
      return Optional.empty();
    }
    String before = "";
    for (JsonNode message : body.path("messages")) {
      String role = message.path("role").asString("");
      if (role.equals(before)) {
        return Optional.of(
            Fault.of(Trouble.INVALID)
                .message(
                    "messages: roles must alternate between \"user\" and \"assistant\", but found"
                        + " multiple \""
                        + role
                        + "\" roles in a row"));
      }
      before = role;
    }
    return Optional.empty();
  }

  private Optional<Fault> unknownModel(LlmRequest request) {
    return models.isEmpty() || models.contains(request.model())
        ? Optional.empty()
        : Optional.of(Fault.of(Trouble.NOT_FOUND));
  }
}
