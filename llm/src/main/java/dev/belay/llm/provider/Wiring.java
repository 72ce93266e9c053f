package dev.belay.llm.provider;

import dev.belay.llm.Part;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.util.Locale;

/** Small forms that several dialects share. */
final class Wiring {
  private static final Headers JSON = Headers.of("content-type", "application/json");

  private Wiring() {}

  static WireRequest post(String path, Headers more, Json.Obj body, boolean stream) {
    Headers headers =
        JSON.with("accept", stream ? "text/event-stream" : "application/json").with(more);
    return new WireRequest("POST", path, headers, body.toString());
  }

  /** A picture or file as an address, its content in it if it came so. */
  static String address(Part.Media media) {
    return media.inline()
        ? "data:%s;base64,%s".formatted(media.mediaType(), media.source())
        : media.source();
  }

  static boolean isImage(Part.Media media) {
    return isOf(media, "image/");
  }

  static boolean isAudio(Part.Media media) {
    return isOf(media, "audio/");
  }

  private static boolean isOf(Part.Media media, String family) {
    return media.mediaType().toLowerCase(Locale.ROOT).startsWith(family);
  }

  /** What follows the slash: {@code wav} of {@code audio/wav}. */
  static String subtype(Part.Media media) {
    String type = media.mediaType().toLowerCase(Locale.ROOT);
    String name = type.substring(type.indexOf('/') + 1);
    return name.equals("mpeg") ? "mp3" : name;
  }

  /** The arguments of a call as the object that they should be; in one, if they are none. */
  static Json.Obj arguments(Part.ToolCall call) {
    try {
      if (call.parsed() instanceof Json.Obj object) {
        return object;
      }
    } catch (JsonException notJson) {
      // the model wrote what is no JSON; it shall see its own words again
    }
    return Members.one("arguments", call.arguments());
  }

  /** The content of a result, marked where the provider has no mark of its own. */
  static String content(Part.ToolResult result) {
    String content = result.content().isEmpty() ? "(empty)" : result.content();
    return result.error() ? "Error: " + content : content;
  }
}
