package dev.belay.llm.delay;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A mapping that is being read. Whoever reads it asks for each key it knows, then closes it. */
final class YamlFields {
  private final YamlPart part;
  private final Map<String, YamlPart> members = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  YamlFields(YamlPart part, MappingNode mapping) {
    this.part = part;
    for (NodeTuple tuple : mapping.getValue()) {
      String prefix = part.path().isEmpty() ? "" : part.path() + ".";
      YamlPart key = new YamlPart(part.file(), part.path(), tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
        key.wrong("a key must be a word");
        continue;
      }
      YamlPart value = new YamlPart(part.file(), prefix + name.getValue(), tuple.getValueNode());
      lines.put(name.getValue(), key.line());
      if (members.put(name.getValue(), value) != null) {
        part.file().wrong(key.line(), value.path(), "is there twice");
      }
    }
  }

  Map<String, YamlPart> members() {
    return members;
  }

  Optional<YamlPart> take(String key) {
    known.add(key);
    return Optional.ofNullable(members.get(key));
  }

  Optional<YamlFields> fields(String key) {
    return take(key).flatMap(YamlPart::fields);
  }

  <T> Optional<T> read(String key, Function<YamlPart, Optional<T>> read) {
    return take(key).flatMap(read);
  }

  /** Changes something by a key; what it may not be is told with the line of the key. */
  <T, V> T set(
      String key, T target, Function<YamlPart, Optional<V>> read, BiFunction<T, V, T> with) {
    @Nullable YamlPart value = take(key).orElse(null);
    if (value == null) {
      return target;
    }
    Optional<V> found = read.apply(value);
    try {
      return found.isPresent() ? with.apply(target, found.get()) : target;
    } catch (IllegalArgumentException outOfRange) {
      value.wrong(String.valueOf(outOfRange.getMessage()));
      return target;
    }
  }

  /** Complains about a key that has to be there. */
  void missing(String key) {
    part.wrong("needs " + key);
  }

  /** Complains about all keys that nobody asked for. */
  void close() {
    members.forEach((key, value) -> {
      if (!known.contains(key)) {
        part.file()
            .wrong(
                lines.getOrDefault(key, 0),
                value.path(),
                "is not known; known are " + String.join(", ", known));
      }
    });
  }
}
