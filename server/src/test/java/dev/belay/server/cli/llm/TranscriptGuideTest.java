package dev.belay.server.cli.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.CheckContext;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Validator;
import dev.belay.llm.check.Validators;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.Transcript;
import dev.belay.llm.transcript.TranscriptFile;
import dev.belay.llm.transcript.TranscriptSchema;
import dev.belay.server.cli.DocumentsTest;
import dev.belay.server.cli.Shell;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the guide to transcripts on the transcript that stands there. */
class TranscriptGuideTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  private static String block(String guide, String language) throws Exception {
    return DocumentsTest.blocks(language).stream()
        .filter(block -> block.file().endsWith(guide))
        .map(DocumentsTest.Block::text)
        .reduce("", String::concat);
  }

  private static String block(String language) throws Exception {
    return block("llm-transcripts.md", language);
  }

  @Test
  void theTranscriptIsOneAndLosesNothing() throws Exception {
    byte[] text = block("jsonl").getBytes(StandardCharsets.UTF_8);
    Transcript transcript = TranscriptFile.parse("guide", text).transcripts().getFirst();

    StringBuilder again = new StringBuilder();
    transcript.lines().forEach(line -> again.append(line.json()).append('\n'));

    assertThat(again.toString()).isEqualTo(block("jsonl"));
    Validator schema =
        Validators.standard()
            .make("schema", Json.EMPTY.with("schema", Json.parse(TranscriptSchema.text())));
    for (String line : block("jsonl").lines().toList()) {
      assertThat(schema.check(Answer.of(line, LlmRequest.of("x", "")), CheckContext.FIRST))
          .as(line)
          .isInstanceOf(Finding.Valid.class);
    }
  }

  @Test
  void eachCommandWorks() throws Exception {
    Path day = Files.createDirectories(folder.resolve("transcripts/20260101"));
    Files.writeString(day.resolve("000000_bb1ad57319b89cd8.jsonl"), block("jsonl"));
    Files.writeString(folder.resolve("checks.json"), block("json"));
    Files.writeString(folder.resolve("models.yaml"), block("llm-waits.md", "yaml"));
    int commands = 0;
    for (String line : block("sh").lines().toList()) {
      Shell shell = new Shell();
      String here =
          line.replace("./belay ", "")
              .replaceAll("(?<= )(transcripts|checks.json|models.yaml)(?= |$)", folder + "/$1");

      int code = shell.run(here.split(" ", -1));

      assertThat(code).as("%s: %s", line, shell.err()).isEqualTo(line.contains("legacy") ? 3 : 0);
      assertThat(shell.out()).as(line).isNotBlank();
      commands++;
    }
    assertThat(commands).isEqualTo(6);
  }
}
