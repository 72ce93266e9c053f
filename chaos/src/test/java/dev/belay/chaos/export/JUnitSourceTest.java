package dev.belay.chaos.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JUnitSourceTest {
  @TempDir private Path dir;

  private List<Diagnostic<? extends JavaFileObject>> compile(Reproducer what) throws Exception {
    Path source = dir.resolve(Format.JUNIT.fileName(what));
    Files.writeString(source, Format.JUNIT.write(what), StandardCharsets.US_ASCII);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> complaints = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(complaints, null, StandardCharsets.US_ASCII)) {
      List<String> options =
          List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", dir.toString());
      boolean compiled =
          compiler
              .getTask(null, files, complaints, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(complaints.getDiagnostics().toString()).isTrue();
    }
    return complaints.getDiagnostics();
  }

  private FaultPlan planOf(Reproducer what) throws Exception {
    URL[] classes = {dir.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
      Field plan = loader.loadClass(JUnitSource.className(what)).getDeclaredField("PLAN");
      plan.setAccessible(true);
      return (FaultPlan) plan.get(null);
    }
  }

  @Test
  void theSourceCompilesAndHoldsThePlan() throws Exception {
    Reproducer what = FormatTest.everything();

    assertThat(compile(what)).isEmpty();
    assertThat(planOf(what)).isEqualTo(what.plan());
  }

  @Test
  void whatIsAboutTimeAndCallsIsAssertedAndWhatShowsSeldomIsRepeated() throws Exception {
    Finding finding =
        new Finding(
            "GET / \\u002a/ | repeats | cart>tax GET /t",
            new Defect.Odds(3, 10),
            Optional.of(Duration.ofMillis(1_234)),
            Optional.of(new Finding.Strikes(0, 1)));
    Reproducer what = FormatTest.everything().showing(finding);

    assertThat(compile(what)).isEmpty();
    assertThat(Format.JUNIT.write(what))
        .contains("@RepeatedTest(9)")
        .contains("toMillis() <= 1234L")
        .contains("filter(one -> one.fault() == 0).count() <= 1");
    assertThat(Format.JUNIT.write(FormatTest.everything()))
        .contains("@Test")
        .doesNotContain("toMillis() <=", "count() <=");
  }

  @Test
  void aServiceThatBeginsWithADigitHasATestToo() throws Exception {
    URI address = URI.create("http://127.0.0.1:1");
    FaultPlan plan = FaultPlan.of(Fault.at(Edge.into("tax"), new Effect.Reset()));
    Reproducer what = new Reproducer("3d-print--shop", plan, address, address);

    assertThat(compile(what)).isEmpty();
    assertThat(JUnitSource.className(what)).startsWith("Service3dPrintShopBears");
  }

  @Test
  void anyTextIsALiteralInOneLine() {
    Cases.check(
        300,
        JUnitSourceTest::anyText,
        text -> {
          String literal = Quoted.of(text);
          assertThat(literal).matches("\"[ -~]*\"");
          assertThat(literal.translateEscapes().length()).isGreaterThanOrEqualTo(2);
        });
  }

  private static String anyText(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      text.append((char) random.nextInt(0x20, 0x7F));
    }
    return text.toString();
  }
}
