/** What this machine can do at most, in this browser, on one thread: loops of nothing but multiply and add, in registers. */
import wabtModule from 'wabt';

const chains = 12; // independent sums: enough to hide the latency of an addition
const rounds = 2_000_000;

/** `step(sum)`: WebAssembly text that gives the next value of a sum; `a`, `b`: two operands that stay in range. */
function loop(step, a, b) {
  const sums = Array.from({ length: chains }, (_, i) => `$sum${i}`);
  return `(module (func (export "run") (param $rounds i32) (result i32)
    (local $a v128) (local $b v128) ${sums.map((sum) => `(local ${sum} v128)`).join(' ')}
    (local.set $a ${a})
    (local.set $b ${b})
    (loop $again
      ${sums.map((sum) => `(local.set ${sum} ${step(`(local.get ${sum})`)})`).join('\n')}
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $again (local.get $rounds)))
    (i32x4.extract_lane 0 ${sums.map((sum) => `(local.get ${sum})`).reduce((a, b) => `(v128.xor ${a} ${b})`)})))`;
}

const floats = ['(f32x4.splat (f32.const 0.5))', '(f32x4.splat (f32.const 1))']; // the sums go to 2
const bytes = ['(i8x16.splat (i32.const 3))', '(i8x16.splat (i32.const -5))'];

const kernels = {
  'float32, baseline SIMD': {
    text: loop((sum) => `(f32x4.add (f32x4.mul ${sum} (local.get $a)) (local.get $b))`, ...floats),
    operations: 8,
  },
  'float32, relaxed SIMD': {
    text: loop((sum) => `(f32x4.relaxed_madd ${sum} (local.get $a) (local.get $b))`, ...floats),
    operations: 8,
  },
  'int8, relaxed SIMD': {
    text: loop((sum) => `(i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get $b) (local.get $a) ${sum})`, ...bytes),
    operations: 32,
  },
};

/** → name of the loop → 10^9 operations a second, one for each repetition; a multiplication and an addition are two. */
export async function measureRoofline(page, repetitions) {
  const wabt = await wabtModule();
  const result = {};
  for (const [name, { text, operations }] of Object.entries(kernels)) {
    const module = wabt.parseWat('roofline.wat', text, { simd: true, relaxed_simd: true });
    const binary = [...module.toBinary({}).buffer];
    module.destroy();
    const seconds = await page.evaluate(
      async ({ bytes, rounds, repetitions }) => {
        const { instance } = await WebAssembly.instantiate(Uint8Array.from(bytes));
        const times = [];
        // A browser compiles well only what was called often, and in the background.
        for (let i = 0; i < 50; i++) instance.exports.run(rounds / 50);
        await new Promise((resolve) => setTimeout(resolve, 500));
        for (let i = 0; i < repetitions; i++) {
          const start = performance.now();
          instance.exports.run(rounds);
          times.push((performance.now() - start) / 1000);
        }
        return times;
      },
      { bytes: binary, rounds, repetitions },
    );
    result[name] = seconds.map((time) => (rounds * chains * operations) / time / 1e9);
  }
  return result;
}
