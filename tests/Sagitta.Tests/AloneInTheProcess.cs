namespace Sagitta.Tests;

/// <summary>Tests that measure the process run after all others, one by one.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
