package dev.belay.llm.transcript;

import dev.belay.Check;

/**
 * How much is kept of transcripts. Immutable.
 *
 * @param mostFiles the oldest go when there are more, 1 to 1,000,000
 * @param mostBytes of one file, 16 KB to 1 GB; what comes later is left out, but for the end
 * @param longestText of one text in characters, 100 to 10,000,000; what is longer is cut
 * @param mostQueued lines of all calls that wait to be written, 1 to 1,000,000; a call whose line
 *     finds no room loses what comes later, but for the end
 */
public record TranscriptSettings(int mostFiles, long mostBytes, int longestText, int mostQueued) {
  /** 10,000 files of up to 4 MB, texts of up to 200,000 characters, 10,000 lines that wait. */
  public static final TranscriptSettings DEFAULT =
      new TranscriptSettings(10_000, 4L << 20, 200_000, 10_000);

  /** Rejects values out of range. */
  public TranscriptSettings {
    Check.that(
        mostFiles >= 1 && mostFiles <= 1_000_000,
        "most_files must be 1 to 1000000, was %d",
        mostFiles);
    Check.that(
        mostBytes >= 16 << 10 && mostBytes <= 1 << 30,
        "most_bytes must be 16384 to 1073741824, was %d",
        mostBytes);
    Check.that(
        longestText >= 100 && longestText <= 10_000_000,
        "longest_text must be 100 to 10000000, was %d",
        longestText);
    Check.that(
        mostQueued >= 1 && mostQueued <= 1_000_000,
        "most_queued must be 1 to 1000000, was %d",
        mostQueued);
  }

  /** The same with another number of files. */
  public TranscriptSettings withMostFiles(int most) {
    return new TranscriptSettings(most, mostBytes, longestText, mostQueued);
  }

  /** The same with another size of files. */
  public TranscriptSettings withMostBytes(long most) {
    return new TranscriptSettings(mostFiles, most, longestText, mostQueued);
  }

  /** The same with another length of texts. */
  public TranscriptSettings withLongestText(int longest) {
    return new TranscriptSettings(mostFiles, mostBytes, longest, mostQueued);
  }

  /** The same with another number of lines that wait. */
  public TranscriptSettings withMostQueued(int most) {
    return new TranscriptSettings(mostFiles, mostBytes, longestText, most);
  }
}
