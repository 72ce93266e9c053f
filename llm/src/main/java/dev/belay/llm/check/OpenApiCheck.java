package dev.belay.llm.check;

import dev.belay.llm.json.Fence;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;

/** {@code openapi_spec}: the answer is the frame of an OpenAPI document, as JSON or YAML. */
record OpenApiCheck() implements Validator {

  @Override
  public String name() {
    return "openapi_spec";
  }

  @Override
  public Cost cost() {
    return Cost.MODEST;
  }

  @Override
  public Finding check(Answer answer, CheckContext context) {
    String text = answer.text();
    String document = Fence.in(text).stream().findFirst().map(fence -> fence.of(text)).orElse(text);
    Json json;
    try {
      json = Yaml.read(document);
    } catch (IllegalArgumentException broken) {
      return Finding.invalid(
          Problem.of(
              name(),
              "the answer is neither JSON nor YAML: " + broken.getMessage(),
              "Write the document alone, as JSON or YAML."));
    }
    if (!(json instanceof Json.Obj object)) {
      return Finding.invalid(
          Problem.of(name(), "the answer is no object", "Begin with 'openapi: 3.1.0'."));
    }
    List<Problem> problems = new ArrayList<>();
    boolean two = object.get("swagger").isPresent();
    version(object, two, problems);
    info(object, problems);
    body(object, two, problems);
    return Finding.of(answer, problems);
  }

  private void version(Json.Obj document, boolean two, List<Problem> problems) {
    String member = two ? "swagger" : "openapi";
    String version = text(document, member);
    boolean known = two ? version.equals("2.0") : version.matches("3\\.[0-9]+(\\.[0-9]+)?(-\\S+)?");
    if (!known) {
      problems.add(
          one("/" + member, "it must be a string such as '%s'".formatted(two ? "2.0" : "3.1.0")));
    }
  }

  private void info(Json.Obj document, List<Problem> problems) {
    if (!(document.get("info").orElse(Json.EMPTY) instanceof Json.Obj info)) {
      problems.add(one("/info", "it must be an object"));
      return;
    }
    for (String member : List.of("title", "version")) {
      if (text(info, member).isBlank()) {
        problems.add(one("/info/" + member, "it must be a string that is not empty"));
      }
    }
  }

  private void body(Json.Obj document, boolean two, List<Problem> problems) {
    boolean paths = document.get("paths").isPresent();
    boolean other =
        !two && (document.get("components").isPresent() || document.get("webhooks").isPresent());
    if (!paths && !other) {
      problems.add(one("/paths", two ? "it is missing" : "it is missing, and so are components"));
    } else if (paths && !(document.get("paths").orElse(Json.EMPTY) instanceof Json.Obj)) {
      problems.add(one("/paths", "it must be an object"));
    } else if (document.get("paths").orElse(Json.EMPTY) instanceof Json.Obj all) {
      for (String path : all.members().keySet()) {
        if (!path.startsWith("/") && !path.startsWith("x-")) {
          problems.add(
              one("/paths", "the path '%s' must begin with '/'".formatted(Texts.shortened(path))));
        }
      }
    }
  }

  private static String text(Json.Obj object, String member) {
    return object.get(member).orElse(Json.of("")) instanceof Json.Str string ? string.value() : "";
  }

  private Problem one(String pointer, String message) {
    return Problem.of(name(), "%s: %s".formatted(pointer, message)).at(pointer);
  }
}
