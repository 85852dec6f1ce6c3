using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Sagitta.Core.Tables;

/// <summary>
/// Makes one file of the parts that several processes wrote (<see cref="FilePart"/>): the bytes that one process would have written. Parts
/// are read one after another, so that memory does not grow with them; gaps, parts of other commands and files that were altered are
/// refused.
/// </summary>
internal static class PartMerge
{
    // Arrays with a row for each plane or layer of a detector, the same in all parts; arrays without axes are such too.
    private static readonly string[] _ofDetector = ["plane_", "layer_"];

    /// <summary>Merges the parts of a file and returns their number and that of their items.</summary>
    /// <exception cref="BadInputException">A part is missing, belongs elsewhere or was altered.</exception>
    public static (int Parts, long Items) Run(string whole, CancellationToken stop)
    {
        if (whole.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadInputException($"'{whole}'", "parts of Parquet are not merged", "let readers open them together as one table");
        }

        IReadOnlyList<(string File, FilePart.PartManifest Manifest)> parts = FilePart.Checked(whole);
        string[] files = [.. parts.Select(part => part.File)];
        if (whole.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            MergeArrays(whole, files, stop);
        }
        else
        {
            TableFile.WriteText(whole, target => MergeText(target, files, stop));
        }

        return (parts.Count, parts[0].Manifest.Total);
    }

    // The header once, then the rows of each part.
    private static void MergeText(Stream target, string[] files, CancellationToken stop)
    {
        byte[] block = new byte[1 << 16];
        byte[]? header = null;
        foreach (string file in files)
        {
            using FileStream stored = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            using Stream source = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new CheckedGzipStream(stored, file) : stored;
            List<byte> line = [];
            while (line is not [.., (byte)'\n'] && source.ReadByte() is var read and >= 0)
            {
                line.Add((byte)read);
            }

            header ??= Begin(line);
            if (!line.SequenceEqual(header))
            {
                throw new BadInputException($"'{file}'", "its columns are others than those of the first part", "make all parts again");
            }

            for (int count = source.Read(block); count > 0; count = source.Read(block))
            {
                stop.ThrowIfCancellationRequested();
                target.Write(block, 0, count);
            }
        }

        byte[] Begin(List<byte> line)
        {
            target.Write([.. line]);
            return [.. line];
        }
    }

    private static void MergeArrays(string whole, string[] files, CancellationToken stop)
    {
        string[] names;
        using (NpzReader first = new(files[0]))
        {
            names = [.. first.Names];
        }

        using NpzWriter writer = new(whole);
        foreach (string name in names)
        {
            stop.ThrowIfCancellationRequested();
            NpyHeader[] headers = [.. files.Select(file => HeaderOf(file, name))];
            NpyHeader head = headers[0];
            if (head.Shape.IsEmpty || _ofDetector.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                byte[] value = BytesOf(files[0], name);
                if (Array.Find(files, file => !BytesOf(file, name).AsSpan().SequenceEqual(value)) is { } other)
                {
                    throw new BadInputException($"'{other}', array '{name}'", "it is another one than in the first part",
                        "make all parts again");
                }

                writer.AddData(name, head, stream => stream.Write(value));
            }
            else
            {
                MergeColumn(writer, name, files, headers);
            }
        }

        writer.Commit();
    }

    // Offsets begin at 0 in every part: the first of each further one is left out, and what came before it is added.
    private static void MergeColumn(NpzWriter writer, string name, string[] files, NpyHeader[] headers)
    {
        bool offsets = name.EndsWith("offsets", StringComparison.Ordinal);
        NpyType type = headers.MaxBy(header => header.Type.Size)!.Type;
        long rows = headers.Sum(header => header.Shape[0]) - (offsets ? files.Length - 1 : 0);
        ImmutableArray<long> shape = headers[0].Shape.SetItem(0, rows);
        if (Array.FindIndex(headers, header => !header.Shape.AsSpan()[1..].SequenceEqual(shape.AsSpan()[1..])
            || (header.Type.Code != type.Code && !header.Type.IsText) || header.FortranOrder) is var odd and >= 0)
        {
            throw new BadInputException($"'{files[odd]}', array '{name}'", "its rows are others than those of the other parts",
                "make all parts again");
        }

        writer.AddData(name, new(type, shape, FortranOrder: false), target =>
        {
            long before = 0;
            for (int i = 0; i < files.Length; i++)
            {
                if (offsets)
                {
                    using NpzReader part = new(files[i]);
                    long[] values = type.Size == sizeof(int) ? Array.ConvertAll(part.Read<int>(name), value => (long)value)
                        : part.Read<long>(name);
                    for (int k = 0; k < values.Length; k++)
                    {
                        values[k] += before;
                    }

                    before = values[^1];
                    ReadOnlySpan<long> own = values.AsSpan(i == 0 ? 0 : 1);
                    target.Write(type.Size == sizeof(long) ? MemoryMarshal.AsBytes(own) : MemoryMarshal.AsBytes(Narrow(name, own)));
                }
                else
                {
                    CopyRows(files[i], name, headers[i], type.Size, target);
                }
            }
        });
    }

    // Some files count in 32 bits.
    private static ReadOnlySpan<int> Narrow(string name, ReadOnlySpan<long> values)
    {
        int[] narrow = new int[values.Length];
        for (int k = 0; k < narrow.Length; k++)
        {
            narrow[k] = values[k] <= int.MaxValue ? (int)values[k]
                : throw new BadInputException($"array '{name}'", "a file of its kind can't hold so many", "leave the parts as they are");
        }

        return narrow;
    }

    // Texts are as wide as the widest of all parts.
    private static void CopyRows(string file, string name, NpyHeader header, int width, Stream target)
    {
        using NpzReader part = new(file);
        using NpzEntryStream source = part.Data(name);
        int rows = Math.Max(1, (1 << 18) / width);
        byte[] from = new byte[rows * header.Type.Size];
        byte[] to = new byte[rows * width];
        for (long left = header.Count; left > 0; left -= rows)
        {
            int some = (int)Math.Min(left, rows);
            source.Fill(from.AsSpan(0, some * header.Type.Size));
            for (int row = 0; row < some; row++)
            {
                from.AsSpan(row * header.Type.Size, header.Type.Size).CopyTo(to.AsSpan(row * width));
            }

            target.Write(to, 0, some * width);
        }

        source.Finish();
    }

    private static NpyHeader HeaderOf(string file, string name)
    {
        using NpzReader part = new(file);
        return part.Header(name);
    }

    private static byte[] BytesOf(string file, string name)
    {
        using NpzReader part = new(file);
        using NpzEntryStream source = part.Data(name);
        using MemoryStream bytes = new();
        source.CopyTo(bytes);
        return bytes.ToArray();
    }
}
