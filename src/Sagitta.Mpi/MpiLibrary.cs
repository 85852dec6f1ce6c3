using System.Runtime.InteropServices;

namespace Sagitta.Mpi;

/// <summary>
/// The MPI library of this machine. MPI.NET calls that of Windows; MPICH and its relatives have the same binary interface (handles,
/// constants and the record of a status), so that the calls are mapped to them. Open MPI has another one, and its library is refused.
/// </summary>
internal static class MpiLibrary
{
    /// <summary>Path of a library that is none of the usual ones.</summary>
    public const string Variable = "SAGITTA_MPI_LIBRARY";

    private const string NoLibrary = "there is no MPI library (MPICH, Intel MPI, Cray MPICH or MVAPICH)";
    private const string Remedy =
        "install one ('apt-get install mpich'), load its module, name it in " + Variable + ", or run without --mpi";

    // Debian's MPICH; Intel MPI, MPICH, MVAPICH and the compatible build of Cray MPICH; Cray's own names; Windows and macOS.
    private static readonly string[] _names =
        ["libmpich.so.12", "libmpi.so.12", "libmpi_cray.so.12", "libmpi_gnu_123.so.12", "msmpi.dll", "libmpi.12.dylib",
            "libmpich.12.dylib"];

    private static readonly string[] _openMpi = ["libmpi.so.40", "libmpi.so.20", "libmpi.so"];
    private static bool _mapped;

    /// <summary>Maps the calls of MPI.NET to a library of this machine.</summary>
    /// <exception cref="BadInputException">There is none, or only one of another interface.</exception>
    public static void Map()
    {
        if (_mapped)
        {
            return;
        }

        nint library = Find(Environment.GetEnvironmentVariable(Variable));
        NativeLibrary.SetDllImportResolver(typeof(MPI.Unsafe).Assembly, (name, _, _) =>
            name.StartsWith("msmpi", StringComparison.OrdinalIgnoreCase) ? library : 0);
        _mapped = true;
    }

    /// <summary>A library, loaded: the given one, or the first of the usual names.</summary>
    internal static nint Find(string? given)
    {
        foreach (string name in given is null ? _names : [given])
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return IsOpenMpi(library) ? throw OpenMpi(name) : library;
            }
        }

        foreach (string name in given is null ? _openMpi : [])
        {
            if (NativeLibrary.TryLoad(name, out nint library) && IsOpenMpi(library))
            {
                throw OpenMpi(name);
            }
        }

        throw new BadInputException("--mpi", given is null ? NoLibrary : $"'{given}' ({Variable}) can't be loaded", Remedy);
    }

    private static bool IsOpenMpi(nint library) => NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _);

    private static BadInputException OpenMpi(string name) => new("--mpi",
        $"'{name}' is Open MPI, whose binary interface differs",
            "use MPICH, Intel MPI, Cray MPICH or MVAPICH, with its own mpirun or srun");
}
