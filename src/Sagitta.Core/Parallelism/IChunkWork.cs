namespace Sagitta.Core.Parallelism;

/// <summary>Work that falls into numbered, independent chunks; see <see cref="WorkerThreads"/>.</summary>
internal interface IChunkWork
{
    /// <summary>
    /// Does one chunk. Chunks run in any order and at the same time, each exactly once.
    /// </summary>
    /// <param name="chunk">Number of the chunk; results may depend on it.</param>
    /// <param name="worker">
    /// Number of the thread, below <see cref="WorkerThreads.Count"/>: no two chunks run at the same time with the same number, so it
    /// may choose scratch memory, but results must not depend on it.
    /// </param>
    void Run(int chunk, int worker);
}
