package dev.belay.testkit.llm;

import java.util.List;

/** An answer down to its bytes: pieces that are sent apart, and what comes after them. */
record Rendering(List<Template> pieces, End end) {

  enum End {
    KEEP,
    CLOSE,
    RESET,
    SILENCE
  }

  /** What it depends on besides the answer. */
  record Key(Dialect dialect, Prompt prompt, Peer peer) {}

  /** How the peer reads: an old one knows no chunks. */
  record Peer(boolean old, boolean keeps) {}
}
