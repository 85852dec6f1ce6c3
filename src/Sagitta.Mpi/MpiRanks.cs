using System.Diagnostics;
using System.Text;

namespace Sagitta.Mpi;

/// <summary>The ranks of an MPI program. There is one object a process; all calls come from one thread at a time.</summary>
internal sealed unsafe class MpiRanks : Ranks
{
    private readonly int[] _first;
    private readonly int[] _second;

    private MpiRanks(int rank, int count)
    {
        Rank = rank;
        Count = count;
        _first = new int[count];
        _second = new int[count];
    }

    /// <inheritdoc />
    public override int Rank { get; }

    /// <inheritdoc />
    public override int Count { get; }

    /// <summary>Joins the other processes that mpirun or srun started; alone, without a launcher, it is rank 0 of 1.</summary>
    /// <exception cref="BadInputException">There is no MPI library that fits, or the launcher is that of another one.</exception>
    public static MpiRanks Start()
    {
        MpiLibrary.Map();
        int arguments = 0;
        byte** none = null;
        Check(MPI.Unsafe.MPI_Init_thread(ref arguments, ref none, MPI.Unsafe.MPI_THREAD_SERIALIZED, out _), "MPI_Init_thread", "a rank");
        Check(MPI.Unsafe.MPI_Errhandler_set(MPI.Unsafe.MPI_COMM_WORLD, MPI.Unsafe.MPI_ERRORS_RETURN), "MPI_Errhandler_set", "a rank");
        Check(MPI.Unsafe.MPI_Comm_rank(MPI.Unsafe.MPI_COMM_WORLD, out int rank), "MPI_Comm_rank", "a rank");
        Check(MPI.Unsafe.MPI_Comm_size(MPI.Unsafe.MPI_COMM_WORLD, out int count), "MPI_Comm_size", "a rank");
        if (count == 1 && Launched() is { } launcher)
        {
            throw new BadInputException("--mpi", $"{launcher} started several processes, but the MPI library knows of one",
                "start them with the mpirun of that library, or with 'srun --mpi=pmi2'");
        }

        return new(rank, count);
    }

    /// <inheritdoc />
    public override void Exchange(ReadOnlySpan<byte> sent, int[] sentLengths, Span<byte> received, int[] receivedLengths)
    {
        long begun = Stopwatch.GetTimestamp();
        Places(sentLengths, _first);
        Places(receivedLengths, _second);
        fixed (byte* from = sent)
        {
            fixed (byte* to = received)
            {
                Check(MPI.Unsafe.MPI_Alltoallv((nint)from, sentLengths, _first, MPI.Unsafe.MPI_BYTE, (nint)to, receivedLengths, _second,
                    MPI.Unsafe.MPI_BYTE, MPI.Unsafe.MPI_COMM_WORLD), "MPI_Alltoallv", this);
            }
        }

        Account(begun, sent.Length - sentLengths[Rank]);
    }

    /// <inheritdoc />
    public override void Gather(ReadOnlySpan<byte> own, Span<byte> all, int[] lengths)
    {
        long begun = Stopwatch.GetTimestamp();
        Places(lengths, _first);
        fixed (byte* from = own)
        {
            fixed (byte* to = all)
            {
                Check(MPI.Unsafe.MPI_Allgatherv((nint)from, own.Length, MPI.Unsafe.MPI_BYTE, (nint)to, lengths, _first,
                    MPI.Unsafe.MPI_BYTE, MPI.Unsafe.MPI_COMM_WORLD), "MPI_Allgatherv", this);
            }
        }

        Account(begun, (long)own.Length * (Count - 1));
    }

    /// <inheritdoc />
    public override void Abort(int exitCode) => _ = MPI.Unsafe.MPI_Abort(MPI.Unsafe.MPI_COMM_WORLD, exitCode);

    /// <inheritdoc />
    public override void Dispose() => _ = MPI.Unsafe.MPI_Finalize();

    private static void Places(int[] lengths, int[] places)
    {
        for (int rank = 1; rank < lengths.Length; rank++)
        {
            places[rank] = checked(places[rank - 1] + lengths[rank - 1]);
        }
    }

    private void Account(long begun, long bytes)
    {
        ExchangeTime += Stopwatch.GetElapsedTime(begun);
        SentBytes += bytes;
    }

    private static void Check(int code, string call, object rank)
    {
        if (code != MPI.Unsafe.MPI_SUCCESS)
        {
            byte[] text = new byte[MPI.Unsafe.MPI_MAX_ERROR_STRING];
            int length = 0;
            _ = MPI.Unsafe.MPI_Error_string(code, text, ref length);
            throw new IOException($"{rank}: {call} failed: {Encoding.UTF8.GetString(text, 0, length).ReplaceLineEndings(" ")}");
        }
    }

    // Who started this process together with others, by the variables that launchers set.
    private static string? Launched() =>
        Number("OMPI_COMM_WORLD_SIZE") > 1 ? "the mpirun of Open MPI"
        : Number("SLURM_STEP_NUM_TASKS") > 1 ? "srun"
        : Number("PMI_SIZE") > 1 ? "another mpirun" : null;

    private static int Number(string variable) =>
        NumberText.TryRead(Environment.GetEnvironmentVariable(variable) ?? "", out int number) ? number : 0;
}
