import { NodeProgram } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";

// What a node of the map carries beside what every node does.
export interface Mark {
  shape: number;
  ringed: number; // 1 with a ring, 2 hollow, 3 both
}

const vertex = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
attribute float a_ringed;
uniform float u_sizeRatio;
uniform float u_pixelRatio;
uniform mat3 u_matrix;
varying vec4 v_color;
varying float v_shape;
varying float v_ringed;
varying float v_pixel;
const float bias = 255.0 / 254.0;
void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  // Twice as wide as the node, so that corners and ring have room.
  gl_PointSize = a_size / u_sizeRatio * u_pixelRatio * 4.0;
  v_pixel = 4.0 / max(gl_PointSize, 1.0);
  v_shape = a_shape;
  v_ringed = a_ringed;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
}`;

// Each shape is a distance from its outline, negative within; the node's radius is 1 and the point reaches to 2.
const fragment = /* glsl */ `
precision mediump float;
varying vec4 v_color;
varying float v_shape;
varying float v_ringed;
varying float v_pixel;
uniform vec4 u_ink;
uniform vec4 u_paper;

float polygon(vec2 p, float corners, float turn, float r) {
  float sector = 6.2831853 / corners;
  float angle = atan(p.x, -p.y) - turn;
  float within = mod(angle, sector) - sector / 2.0;
  return length(p) * cos(within) - r * cos(sector / 2.0);
}

void main(void) {
  vec2 p = (gl_PointCoord - vec2(0.5)) * 4.0;
  float d;
  if (v_shape < 0.5) d = length(p) - 1.0;
  else if (v_shape < 1.5) d = polygon(p, 4.0, 0.7853982, 1.2);
  else if (v_shape < 2.5) d = polygon(p, 3.0, 0.0, 1.3);
  else if (v_shape < 3.5) d = polygon(p, 4.0, 0.0, 1.25);
  else if (v_shape < 4.5) d = polygon(p, 3.0, 3.1415927, 1.3);
  else if (v_shape < 5.5) d = polygon(p, 6.0, 0.0, 1.1);
  else if (v_shape < 6.5) {
    vec2 q = abs(p);
    d = min(max(q.x - 0.42, q.y - 1.15), max(q.x - 1.15, q.y - 0.42));
  } else d = polygon(p, 5.0, 0.0, 1.15);
  #ifdef PICKING_MODE
  gl_FragColor = length(p) < 1.6 ? v_color : vec4(0.0);
  #else
  float inside = 1.0 - smoothstep(-v_pixel / 2.0, v_pixel / 2.0, d);
  float hollow = step(1.5, v_ringed) * (1.0 - smoothstep(-v_pixel / 2.0, v_pixel / 2.0, d + 0.38));
  float ring = mod(v_ringed, 2.0) * (1.0 - smoothstep(v_pixel / 2.0, v_pixel * 1.5, abs(length(p) - 1.6)));
  gl_FragColor = mix(mix(mix(vec4(0.0), u_ink, ring), v_color, inside), u_paper, hollow);
  #endif
}`;

type Colour = [number, number, number];
let ink: Colour = [0, 0, 0];
let paper: Colour = [1, 1, 1];

// The colours of rings and of what is hollow, as parts of one.
export function markColours(ring: Colour, within: Colour) {
  ink = ring;
  paper = within;
}

// Draws nodes in the shape of their series, so that colour is never all that tells them apart.
export class ShapeProgram extends NodeProgram {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, POINTS } = WebGLRenderingContext;
    return {
      VERTICES: 1,
      VERTEX_SHADER_SOURCE: vertex,
      FRAGMENT_SHADER_SOURCE: fragment,
      METHOD: POINTS as 0,
      UNIFORMS: ["u_sizeRatio", "u_pixelRatio", "u_matrix", "u_ink", "u_paper"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_shape", size: 1, type: FLOAT },
        { name: "a_ringed", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
    };
  }

  processVisibleItem(nodeIndex: number, start: number, data: NodeDisplayData & Partial<Mark>) {
    const a = this.array;
    a[start++] = data.x;
    a[start++] = data.y;
    a[start++] = data.size;
    a[start++] = data.shape ?? 0;
    a[start++] = data.ringed ?? 0;
    a[start++] = floatColor(data.color);
    a[start++] = nodeIndex;
  }

  setUniforms(p: RenderParams, { gl, uniformLocations }: { gl: WebGLRenderingContext; uniformLocations: Record<string, WebGLUniformLocation> }) {
    gl.uniform1f(uniformLocations.u_pixelRatio, p.pixelRatio);
    gl.uniform1f(uniformLocations.u_sizeRatio, p.sizeRatio);
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, p.matrix);
    gl.uniform4f(uniformLocations.u_ink, ...ink, 1);
    gl.uniform4f(uniformLocations.u_paper, ...paper, 1);
  }
}
