/** The hatching of contested ground, drawn on a canvas; no image is fetched. */

const SIZE = 16;

export function drawHatch(color: string): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE;
  canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("this browser draws no canvas");
  pen.strokeStyle = color;
  pen.lineWidth = 2.6;
  pen.lineCap = "square";
  // Three strokes, so that the pattern meets itself at the edges.
  for (const shift of [-SIZE, 0, SIZE]) {
    pen.beginPath();
    pen.moveTo(shift - 2, SIZE + 2);
    pen.lineTo(shift + SIZE + 2, -2);
    pen.stroke();
  }
  return pen.getImageData(0, 0, SIZE, SIZE);
}
