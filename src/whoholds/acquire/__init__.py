"""Where reports come from: files and folders now; each module gives `Incoming` reports or rejections."""
