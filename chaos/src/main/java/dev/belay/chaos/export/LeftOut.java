package dev.belay.chaos.export;

import dev.belay.chaos.Fault;
import dev.belay.chaos.inject.SparedPaths;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A fault that a tool cannot bring about, said so that nobody takes the rest for all of it.
 *
 * @param fault the fault
 * @param why what the tool does not know
 */
record LeftOut(Fault fault, String why) {
  /** Why a fault is left out that might strike a path that must not be; nothing if it could not. */
  static Optional<String> unspared(Fault fault, Reproducer what) {
    boolean might = SparedPaths.of(what.spared()).touch(fault.match().pathPrefix().orElse("/"));
    return might ? Optional.of("it cannot spare " + what.spared()) : Optional.empty();
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("fault", fault.toString());
    tree.put("why", why);
    return tree;
  }
}
