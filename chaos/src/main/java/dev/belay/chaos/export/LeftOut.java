package dev.belay.chaos.export;

import dev.belay.chaos.Fault;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A fault that a tool cannot bring about, said so that nobody takes the rest for all of it.
 *
 * @param fault the fault
 * @param why what the tool does not know
 */
record LeftOut(Fault fault, String why) {
  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("fault", fault.toString());
    tree.put("why", why);
    return tree;
  }
}
