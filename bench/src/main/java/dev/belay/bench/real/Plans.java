package dev.belay.bench.real;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Plans of faults in a few words. */
final class Plans {
  private Plans() {}

  /** Such as {@code edge>cart delay 800ms}. */
  static String text(JsonNode fault) {
    StringBuilder text = new StringBuilder();
    text.append(fault.path("from").stringValue("*")).append('>');
    text.append(fault.get("service").stringValue()).append(' ');
    text.append(fault.get("effect").stringValue());
    if (fault.has("status")) {
      text.append(' ').append(fault.get("status").intValue());
    }
    if (fault.has("delay_ms")) {
      text.append(' ').append(fault.get("delay_ms").longValue()).append("ms");
    }
    if (fault.has("skip")) {
      text.append(" from call ").append(fault.get("skip").intValue() + 1).append(" on");
    }
    return text.toString();
  }

  /** All faults of a plan. */
  static String of(JsonNode plan) {
    List<String> faults = new ArrayList<>();
    plan.path("faults").forEach(fault -> faults.add(text(fault)));
    return String.join(" + ", faults);
  }
}
