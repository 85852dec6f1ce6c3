using System.Buffers.Binary;
using System.Text;

namespace Sagitta.Tests.Fuzzing;

/// <summary>Alters files as damage, mistakes and malice do: bits and bytes, lengths and counts, numbers in texts, pieces that are lost,
/// doubled or moved.</summary>
internal static class Mutation
{
    private static readonly long[] _numbers = [0, 1, -1, 127, 128, 255, 256, 32767, 65535, int.MaxValue, int.MinValue, uint.MaxValue,
        long.MaxValue, long.MinValue, 1L << 40, 100_000_000];

    private static readonly string[] _texts = ["0", "-1", "1e308", "1e999", "NaN", "inf", "-0", "1,5", "2147483648", "9223372036854775808",
        "99999999999999999999999999", "1e-320", "", "null", "[", "{", "]", "}", "\"", "'", ":", "- ", "\n", "\r", "\0", "\uFEFF",
            "&a", "*a",
        "!!int", "---", "..", "é", "true", ",", ";", "\t", "|", "{a: {b: [", "[[[[[[[["];

    /// <summary>One to eight alterations of a file.</summary>
    public static byte[] Of(byte[] sound, RandomKey key)
    {
        RandomDraws draws = key.Draws();
        byte[] bytes = sound;
        for (int left = 1 + draws.NextIndex(draws.NextIndex(4) == 0 ? 8 : 2); left > 0; left--)
        {
            bytes = Altered(bytes, ref draws);
        }

        return bytes;
    }

    private static byte[] Altered(byte[] bytes, ref RandomDraws draws)
    {
        if (bytes.Length == 0)
        {
            return [(byte)draws.NextIndex(256)];
        }

        int at = draws.NextIndex(bytes.Length);
        int length = Math.Min(1 + draws.NextIndex(draws.NextIndex(3) == 0 ? bytes.Length : 16), bytes.Length - at);
        int to = draws.NextIndex(bytes.Length + 1);
        byte[] altered = [.. bytes];
        switch (draws.NextIndex(10))
        {
            case 0:
                altered[at] ^= (byte)(1 << draws.NextIndex(8));
                return altered;
            case 1:
                altered[at] = (byte)_numbers[draws.NextIndex(_numbers.Length)];
                return altered;
            case 2:
                altered[at] = (byte)draws.NextIndex(256);
                return altered;
            case 3 when bytes.Length - at >= 8:
                BinaryPrimitives.WriteInt64LittleEndian(altered.AsSpan(at), _numbers[draws.NextIndex(_numbers.Length)]);
                return altered;
            case 4 when bytes.Length - at >= 4:
                BinaryPrimitives.WriteInt32LittleEndian(altered.AsSpan(at), unchecked((int)_numbers[draws.NextIndex(_numbers.Length)]));
                return altered;
            case 5:
                return bytes[..at];
            case 6:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 7:
                return [.. bytes[..to], .. bytes[at..(at + length)], .. bytes[to..]];
            case 8:
                // The number or name that stands there.
                int end = at;
                while (end < bytes.Length && (char.IsAsciiLetterOrDigit((char)bytes[end]) || bytes[end] is (byte)'.' or (byte)'-'))
                {
                    end++;
                }

                while (at > 0 && end > at && (char.IsAsciiLetterOrDigit((char)bytes[at - 1]) || bytes[at - 1] is (byte)'.' or (byte)'-'))
                {
                    at--;
                }

                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(_texts[draws.NextIndex(_texts.Length)]), .. bytes[end..]];
            default:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(_texts[draws.NextIndex(_texts.Length)]), .. bytes[at..]];
        }
    }
}
