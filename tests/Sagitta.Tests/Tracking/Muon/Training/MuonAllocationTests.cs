namespace Sagitta.Tests.Tracking.Muon.Training;

/// <summary>
/// Counts what the threads of a run allocate, thread by thread: the counter of the process includes what the test runner writes about
/// other tests meanwhile.
/// </summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class MuonAllocationTests
{
    private static readonly MuonExperiment Experiment = Quick();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Step_of_the_whole_chain_allocates_nothing_once_warm(int threadCount)
    {
        using WorkerThreads threads = new(threadCount);
        EventSet events = MuonSamples.Training(Experiment, SmallMuonRun.Detector, threads);
        using MuonTrainer trainer = new(Experiment, new(Experiment, SmallMuonRun.Detector), events, threads);
        ThreadAllocation allocation = new(threads);

        // Batches of 64 events: after a few epochs every graph has met the room of the largest event.
        for (int step = 0; step < 8 * trainer.StepsPerEpoch; step++)
        {
            // A thread that the system has not woken yet would meet its first chunk later, with everything to set up.
            allocation.Bytes();
            trainer.Advance();
        }

        Assert.Equal(0, WarmAllocation.Least(() => trainer.Advance(), 2 * trainer.StepsPerEpoch, allocation.Bytes));
    }

    private static MuonExperiment Quick()
    {
        MuonExperiment quick = ConfigurationFile.Load<MuonExperiment>(
            ShippedFile.Find("experiments/muon-quick.yaml"), ["data.training=128"]);
        return quick with { Loss = quick.Loss with { WarmUpStart = 0, WarmUpLength = 0 }, Training = quick.Training with { Epochs = 100 } };
    }

    /// <summary>What all threads together, the caller included, have allocated on the managed heap so far.</summary>
    private sealed class ThreadAllocation
    {
        private readonly WorkerThreads _threads;
        private readonly long[] _bytes;
        private readonly Action<int, int> _read;
        private int _arrived;

        public ThreadAllocation(WorkerThreads threads)
        {
            _threads = threads;
            _bytes = new long[threads.Count];
            _read = Read;
        }

        public long Bytes()
        {
            _arrived = 0;
            _threads.Run(_bytes.Length, _read);
            long sum = 0;
            foreach (long bytes in _bytes)
            {
                sum += bytes;
            }

            return sum;
        }

        // Each thread stays in its chunk until all are in one, so that each takes exactly one.
        private void Read(int chunk, int worker)
        {
            Interlocked.Increment(ref _arrived);
            while (Volatile.Read(ref _arrived) < _bytes.Length)
            {
                Thread.Yield();
            }

            _bytes[worker] = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
