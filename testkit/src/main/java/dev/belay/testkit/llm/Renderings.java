package dev.belay.testkit.llm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Remembers what one answer looks like, so that it is rendered but once. Thread-safe. */
final class Renderings {
  private static final int MOST = 64;

  private final Map<Rendering.Key, Rendering> known = new ConcurrentHashMap<>(2);

  Rendering of(Rendering.Key key, Function<Rendering.Key, Rendering> renderer) {
    @Nullable Rendering found = known.get(key);
    if (found == null) {
      found = renderer.apply(key);
      if (known.size() < MOST) {
        known.put(key, found);
      }
    }
    return found;
  }
}
