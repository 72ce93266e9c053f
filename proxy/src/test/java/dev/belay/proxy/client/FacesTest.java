package dev.belay.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.CallReport;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who uses the library sees the Java runtime and Belay, and nothing that either stands on. */
class FacesTest {

  @Test
  void noForeignTypeIsInAnySignature() {
    Set<Class<?>> seen = new HashSet<>();
    Deque<Class<?>> open = new ArrayDeque<>(List.of(ProxyClient.class, CallReport.class));
    List<String> foreign = new ArrayList<>();
    while (!open.isEmpty()) {
      Class<?> type = open.poll();
      if (!type.getName().startsWith("dev.belay.") || !seen.add(type)) {
        continue;
      }
      open.addAll(List.of(type.getClasses()));
      signatures(type)
          .forEach(used -> {
            Class<?> plain = used.isArray() ? used.componentType() : used;
            String name = plain.getName();
            boolean ours =
                plain.isPrimitive() || name.startsWith("java") || name.startsWith("dev.belay.");
            if (!ours) {
              foreign.add(type.getName() + " shows " + name);
            }
            open.add(plain);
          });
    }

    assertThat(foreign).isEmpty();
    assertThat(seen).contains(ProxyRequest.class, ProxyResponse.class, ClientLimits.class);
  }

  private static Stream<Class<?>> signatures(Class<?> type) {
    Stream<Class<?>> methods =
        Stream.of(type.getDeclaredMethods())
            .filter(method -> isSeen(method))
            .flatMap(method ->
                Stream.concat(
                    Stream.of(method.getReturnType()), Stream.of(method.getParameterTypes())));
    Stream<Class<?>> constructors =
        Stream.of(type.getDeclaredConstructors())
            .filter(constructor -> isSeen(constructor))
            .flatMap(constructor -> Stream.of(constructor.getParameterTypes()));
    return Stream.concat(methods, constructors);
  }

  private static boolean isSeen(Executable element) {
    return Modifier.isPublic(element.getModifiers()) && !element.isSynthetic();
  }
}
