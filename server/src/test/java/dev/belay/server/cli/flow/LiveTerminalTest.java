package dev.belay.server.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.cli.Main;
import dev.belay.server.cli.shared.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run on a real terminal, with somebody at the keys. */
@Timeout(120)
class LiveTerminalTest {
  @TempDir Path folder;
  private Process terminal = new ProcessBuilder("true").start();
  private volatile String seen = "";

  LiveTerminalTest() throws IOException {}

  @AfterEach
  void leave() throws InterruptedException {
    terminal.descendants().forEach(ProcessHandle::destroyForcibly);
    terminal.destroyForcibly().waitFor();
  }

  /** A terminal in which a shell runs the plan, and then says how the terminal was left. */
  private void open(Path plan) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("belay.yaml"),
            "store: {url: \"sqlite:%1$s/belay.db\"}\nflow: {files: \"%1$s/runs\"}\n"
                .formatted(folder));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path script =
        Files.writeString(
            folder.resolve("session.sh"),
            """
            trap : INT
            stty rows 30 cols 100
            '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \\
              -cp '%s' %s run '%s' -c '%s'
            echo "left with $?"
            stty -a
            """
                .formatted(
                    java,
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    plan,
                    config));
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qefc", "sh " + script, "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("TERM", "xterm-256color");
    builder.environment().put("LANG", "C.UTF-8");
    terminal = builder.start();
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    byte[] bytes = new byte[8_192];
    StringBuilder all = new StringBuilder();
    InputStream in = terminal.getInputStream();
    try {
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        seen = all.append(new String(bytes, 0, count, StandardCharsets.UTF_8)).toString();
      }
    } catch (IOException closed) {
      // the end
    }
  }

  private void type(String keys) throws IOException {
    OutputStream out = terminal.getOutputStream();
    out.write(keys.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void await(String what, Predicate<String> there) throws InterruptedException {
    while (!there.test(seen)) {
      assertThat(terminal.isAlive() || there.test(seen)).as(what + ": " + seen).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** What is on the screen now, if it is drawn again and again over itself. */
  private static String newest(String all) {
    return all.substring(Math.max(0, all.lastIndexOf("\u001b[2Klive  ")));
  }

  @Test
  void showsWhoWorksFollowsTheKeysAndLeavesTheTerminalAsItWas() throws Exception {
    Path plan =
        Files.writeString(
            folder.resolve("plan.yaml"),
            """
            name: live
            backends: {sh: {type: command, command: [sh, -s], grace: 1s}}
            tasks:
              - {id: first, backend: sh, prompt: "echo quick"}
              - {id: second, backend: sh, prompt: "echo $$ > second; echo from-the-second; sleep 600"}
              - {id: third, backend: sh, prompt: "echo $$ > third; echo from-the-third; sleep 600"}
            """);
    open(plan);
    await("all work", all -> all.contains("from-the-second") || all.contains("from-the-third"));
    await("the bar stands at one of three", all -> newest(all).contains("1/3"));

    type("j");
    await("a key chooses", all -> newest(all).matches("(?s).*> (first|second|third).*"));
    for (int i = 0; i < 3 && !newest(seen).contains("── third"); i++) {
      int before = seen.length();
      type("j");
      await("it is drawn again", all -> all.length() > before + 400);
    }
    await("the words of the chosen", all -> newest(all).contains("── third"));
    await("its tail", all -> newest(all).contains("from-the-third"));

    type("\u0003");
    await("the shell goes on", all -> all.contains("left with"));
    await("the terminal speaks", all -> all.substring(all.indexOf("left with")).contains("icanon"));
    String after = seen.substring(seen.indexOf("left with"));
    assertThat(after).contains("left with " + ExitCode.INTERRUPTED);
    assertThat(after).doesNotContain("-icanon").doesNotContain("-echo ");
    assertThat(seen).contains("go on with: belay resume");
    for (String task : List.of("second", "third")) {
      long agent = Long.parseLong(Files.readString(folder.resolve(task)).strip());
      assertThat(RunVerbsTest.isAlive(agent)).as(task).isFalse();
    }
  }

  @Test
  void whatIsSaidIsDrawnWhileNobodyTouchesAKeyAndOtherKeysAreHarmless() throws Exception {
    Path plan =
        Files.writeString(
            folder.resolve("plan.yaml"),
            """
            name: live
            backends: {sh: {type: command, command: [sh, -s], grace: 1s}}
            tasks:
              - {id: talks, backend: sh, prompt: "n=1; until [ -e enough ]; do echo word-$n; n=$((n + 1)); sleep 0.1; done"}
            """);
    open(plan);

    await("words come by themselves", all -> newest(all).contains("word-3"));
    await("and more of them", all -> newest(all).contains("word-7"));
    type("sq1\t\u001b[Z?/:");
    Files.writeString(folder.resolve("enough"), "");

    await("the shell goes on", all -> all.contains("left with"));
    assertThat(seen).contains("left with " + ExitCode.OK);
  }
}
