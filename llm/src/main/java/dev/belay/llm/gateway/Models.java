package dev.belay.llm.gateway;

import dev.belay.llm.front.GatewayError;
import dev.belay.llm.json.Json;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The models that clients may ask for. */
final class Models {
  private static final int SHOWN = 10;

  private Models() {}

  /** In a form that clients of both protocols understand. */
  static Json list(Collection<String> names) {
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("object", Json.of("list"));
    all.put("data", Json.of(names.stream().map(Models::model).toList()));
    all.put("has_more", Json.of(false));
    return new Json.Obj(all);
  }

  private static Json model(String name) {
    Map<String, Json> model = new LinkedHashMap<>();
    model.put("id", Json.of(name));
    model.put("object", Json.of("model"));
    model.put("type", Json.of("model"));
    model.put("display_name", Json.of(name));
    model.put("created", Json.of(0));
    model.put("created_at", Json.of("1970-01-01T00:00:00Z"));
    model.put("owned_by", Json.of("belay"));
    return new Json.Obj(model);
  }

  static GatewayError unknown(String model, Collection<String> names) {
    String known =
        names.isEmpty()
            ? "no model is configured (llm.routes)"
            : "there are " + String.join(", ", names.stream().sorted().limit(SHOWN).toList());
    boolean plain = model.matches("[A-Za-z0-9/._:@-]{1,128}");
    return new GatewayError(
        404,
        "model_not_found",
        "There is no model %s; %s.".formatted(plain ? model : "of this name", known),
        "model",
        Duration.ZERO);
  }
}
