using System.IO.Hashing;

namespace Sagitta.Learning.Checkpoints;

/// <summary>
/// Checkpoints on the disk: the last one under its name and the one before beside it. Each holds a checksum of all its bytes, so that a
/// file that was cut or edited is noticed, and the one before takes its place.
/// </summary>
internal static class CheckpointFile
{
    private const string Key = "checksum";
    private const int Digits = 32;
    private static readonly byte[] _begin = [.. "\"checksum\":\""u8];

    /// <summary>Where the checkpoint before the last one is.</summary>
    public static string Previous(string path) => path + ".previous";

    /// <summary>Whether there is a checkpoint, or one before it.</summary>
    public static bool Exists(string path) => File.Exists(path) || File.Exists(Previous(path));

    /// <summary>Writes a checkpoint with its checksum and keeps the last one.</summary>
    public static void Write(string path, SafeTensorsWriter content)
    {
        content.Metadata[Key] = new string('0', Digits);
        using MemoryStream memory = new();
        content.Write(memory);
        byte[] bytes = memory.ToArray();
        Sum(bytes).CopyTo(bytes, Place(bytes));
        using AtomicFile file = new(path);
        file.Stream.Write(bytes);
        if (File.Exists(path))
        {
            File.Move(path, Previous(path), overwrite: true);
        }

        file.Commit();
    }

    /// <summary>The path of the last checkpoint that is whole.</summary>
    /// <param name="path">The last one.</param>
    /// <param name="note">Told where it is another.</param>
    /// <exception cref="BadInputException">None is whole.</exception>
    public static string Whole(string path, Action<string> note)
    {
        if (!File.Exists(Previous(path)) || IsWhole(path))
        {
            return File.Exists(path) && !IsWhole(path)
                ? throw new BadInputException($"'{path}'", "the file was cut or changed after it was written",
                    "remove it to begin the training anew")
                : path;
        }

        note($"'{path}' {(File.Exists(path) ? "was cut or changed after it was written" : "is missing")}: "
            + "going on from the checkpoint before it");
        return Whole(Previous(path), note);
    }

    // Files of earlier editions have no checksum, and are left to the reader.
    private static bool IsWhole(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        byte[] bytes = File.ReadAllBytes(path);
        int place = Place(bytes);
        if (place < 0)
        {
            try
            {
                return !new SafeTensorsReader(path).Metadata.ContainsKey(Key);
            }
            catch (BadInputException)
            {
                return false;
            }
        }

        byte[] stated = bytes[place..(place + Digits)];
        bytes.AsSpan(place, Digits).Fill((byte)'0');
        return Sum(bytes).AsSpan().SequenceEqual(stated);
    }

    private static int Place(byte[] bytes) => bytes.AsSpan().IndexOf(_begin) is var found and >= 0
        && found + _begin.Length + Digits <= bytes.Length ? found + _begin.Length : -1;

    private static byte[] Sum(byte[] bytes) => [.. System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(XxHash128.Hash(bytes)))];
}
