using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text;
using PureHDF;
using PureHDF.VOL.Native;

namespace Sagitta.Core.Tables;

/// <summary>
/// A table of an HDF5 file: a group whose data sets of one axis are the columns, or a compound data set. Without a name it is the root
/// where that has columns, then "hits", then the only one there is.
/// </summary>
internal sealed class Hdf5Source : TableSource
{
    private const string Hits = "hits";

    // A column may be compressed to a hundredth, but hardly more than this part of a whole file.
    private const int LargestRatio = 64;
    private const int AlwaysAllowed = 1 << 20;
    private readonly Stream _stream;
    private readonly NativeFile _file;
    private readonly Dictionary<string, IH5Dataset> _columns = new(StringComparer.Ordinal);
    private readonly IH5Dataset? _compound;

    /// <summary>Reads the names.</summary>
    /// <param name="file">A seekable stream at its start, closed with the source.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="table">Name of the group or data set; empty to look for it.</param>
    public Hdf5Source(Stream file, string name, string table)
        : base(name)
    {
        _stream = file;
        EndingStream read = new(file, new Hdf5Layout(file, name).CheckRead);
        NativeFile root = Guarded(() => H5File.Open(read, leaveOpen: true));
        _file = root;
        IH5Object found = Guarded(() => Find(root, table)) ?? throw new BadInputException($"'{name}'",
            table.Length > 0 ? $"there is no group or data set '{table}'" : "there is no group of columns and no compound data set",
            "give a file as docs/formats.md describes it");
        if (found is IH5Dataset compound)
        {
            _compound = compound;
            Names = Guarded<string[]>(() => [.. compound.Type.Compound.Members.Select(member => member.Name)]);
        }
        else
        {
            IH5Dataset[] columns = Guarded(() => ColumnsOf((IH5Group)found).ToArray());
            foreach (IH5Dataset column in columns)
            {
                // Only a damaged file has a name twice, which the base refuses.
                _ = _columns.TryAdd(column.Name, column);
            }

            Names = [.. columns.Select(column => column.Name)];
        }
    }

    /// <summary>Whether a file begins as one of HDF5.</summary>
    public static bool Is(ReadOnlySpan<byte> first) => first.SequenceEqual((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']);

    /// <summary>Whether a file holds a table of that name.</summary>
    public static bool Holds(string path, string table)
    {
        using FileStream stream = File.OpenRead(path);
        Span<byte> first = stackalloc byte[4];
        if (stream.ReadAtLeast(first, 4, throwOnEndOfStream: false) < 4 || !Is(first))
        {
            return false;
        }

        using EndingStream read = new(stream, new Hdf5Layout(stream, path).CheckRead);
        return Guarded(path, () =>
        {
            using NativeFile root = H5File.Open(read, leaveOpen: true);
            return root.LinkExists(table);
        });
    }

    /// <summary>Writes tables as groups, one without a name into the root; units are attributes "unit" of the columns.</summary>
    public static void Write(Stream file, params ReadOnlySpan<(string Name, IReadOnlyList<OutputColumn> Columns)> tables)
    {
        H5File root = new();
        foreach ((string name, IReadOnlyList<OutputColumn> columns) in tables)
        {
            H5Group group = name.Length == 0 ? root : new H5Group();
            foreach (OutputColumn column in columns)
            {
                // h5py shows flags of other programs as enumerations; a byte is a number everywhere.
                Array values = column.Values is bool[] flags ? Array.ConvertAll(flags, flag => (byte)(flag ? 1 : 0)) : column.Values;
                group[column.Name] = column.Unit.Length == 0 ? new H5Dataset(values)
                    : new H5Dataset(values) { Attributes = new(StringComparer.Ordinal) { ["unit"] = column.Unit } };
            }

            if (name.Length > 0)
            {
                root[name] = group;
            }
        }

        try
        {
            root.Write(file);
        }
        catch (TargetInvocationException problem) when (problem.InnerException is not null)
        {
            // The package writes by reflection; what went wrong is told by the stream.
            ExceptionDispatchInfo.Throw(problem.InnerException);
        }
    }

    internal override bool CanRewind => true;

    // Each time all rows are read.
    private protected override void Rewind()
    {
    }

    private protected override bool Fill(IReadOnlyList<ColumnBuffer> columns, List<string> notes, int most)
    {
        if (_compound is not null)
        {
            foreach (Dictionary<string, object?> row in Guarded(() => Sized(_compound).Read<Dictionary<string, object?>[]>()))
            {
                foreach (ColumnBuffer column in columns)
                {
                    Accept(Added(column, row.GetValueOrDefault(column.Source)), column);
                }
            }

            return false;
        }

        foreach (ColumnBuffer column in columns)
        {
            foreach (object? value in Guarded(() => Values(Sized(_columns[column.Source]))))
            {
                Accept(Added(column, value), column);
            }
        }

        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        _stream.Dispose();
    }

    private string? Added(ColumnBuffer column, object? value) => value switch
    {
        long number => column.Add(number),
        int number => column.Add((long)number),
        short number => column.Add((long)number),
        sbyte number => column.Add((long)number),
        byte number => column.Add((long)number),
        ushort number => column.Add((long)number),
        uint number => column.Add((long)number),
        ulong number => number <= long.MaxValue ? column.Add((long)number) : column.Add((double)number),
        float number => column.Add((double)number),
        double number => column.Add(number),
        bool flag => column.Add(flag ? 1L : 0),
        string text => column.Add(Encoding.UTF8.GetBytes(text.TrimEnd('\0'))),
        _ => throw new BadInputException($"'{Name}', column '{column.Source}'", "the values are neither numbers nor texts",
            "give numbers or texts"),
    };

    private static Array Values(IH5Dataset column) => (column.Type.Class, column.Type.Size) switch
    {
        (H5DataTypeClass.FloatingPoint, 4) => column.Read<float[]>(),
        (H5DataTypeClass.FloatingPoint, 8) => column.Read<double[]>(),
        (H5DataTypeClass.FixedPoint, 1) => column.Type.FixedPoint.IsSigned ? column.Read<sbyte[]>() : column.Read<byte[]>(),
        (H5DataTypeClass.FixedPoint, 2) => column.Type.FixedPoint.IsSigned ? column.Read<short[]>() : column.Read<ushort[]>(),
        (H5DataTypeClass.FixedPoint, 4) => column.Type.FixedPoint.IsSigned ? column.Read<int[]>() : column.Read<uint[]>(),
        (H5DataTypeClass.FixedPoint, 8) => column.Type.FixedPoint.IsSigned ? column.Read<long[]>() : column.Read<ulong[]>(),
        (H5DataTypeClass.Enumerated, 1) => column.Read<byte[]>(),
        (H5DataTypeClass.String or H5DataTypeClass.VariableLength, _) => column.Read<string[]>(),
        _ => new object[1],
    };

    private static IH5Object? Find(NativeFile root, string table)
    {
        if (table.Length > 0)
        {
            return root.LinkExists(table) ? root.Get(table) : null;
        }

        IH5Object[] tables = [.. root.Children().Where(child => child is IH5Group || IsTable(child))];
        return ColumnsOf(root).Any() ? root : tables.FirstOrDefault(child => child.Name == Hits) ?? (tables.Length == 1 ? tables[0] : null);
    }

    private static bool IsTable(IH5Object child) => child is IH5Dataset { Type.Class: H5DataTypeClass.Compound };

    private static IEnumerable<IH5Dataset> ColumnsOf(IH5Group group) => group.Children().OfType<IH5Dataset>()
        .Where(child => child.Space.Dimensions.Length == 1 && !IsTable(child));

    // The package asks for as much memory as a head says.
    private IH5Dataset Sized(IH5Dataset column)
    {
        double elements = column.Space.Dimensions.Aggregate(1.0, (product, length) => product * length);
        return elements <= Math.Max(LargestRatio * (double)_stream.Length, AlwaysAllowed) ? column
            : throw new InvalidDataException($"{elements} elements in a file of {_stream.Length} bytes");
    }

    // The package throws exceptions of many types where bytes are damaged.
    private T Guarded<T>(Func<T> read) => Guarded(Name, read);

    private static T Guarded<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is not BadInputException)
        {
            throw new BadInputException($"'{name}'",
                "this is no HDF5 file, it is cut off or damaged, or its numbers have the other byte order",
                "write it again with numbers of this machine, or copy it again", problem);
        }
    }
}
