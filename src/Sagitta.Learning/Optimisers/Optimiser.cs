using System.Numerics;
using System.Numerics.Tensors;

namespace Sagitta.Learning.Optimisers;

/// <summary>
/// A first-order method over the flat parameter vector of one network. Its state is a count of steps and a few vectors of the
/// network's layout, which checkpoints carry.
/// </summary>
internal abstract class Optimiser<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly (string Name, ParameterVector<T> Vector)[] _moments;

    /// <summary>An optimiser with a zeroed vector for each named moment.</summary>
    protected Optimiser(ParameterLayout layout, params string[] moments)
    {
        Layout = layout;
        _moments = [.. moments.Select(name => (name, new ParameterVector<T>(layout)))];
    }

    /// <summary>Name in checkpoints: "adam".</summary>
    public abstract string Name { get; }

    /// <summary>The layout of the network that it trains.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Steps taken.</summary>
    public long StepCount { get; set; }

    /// <summary>Its state, by name.</summary>
    public IReadOnlyList<(string Name, ParameterVector<T> Vector)> Moments => _moments;

    /// <summary>Changes the parameters by one step. A gradient of NaN spreads: check the loss first.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="gradients">Gradient of the loss.</param>
    /// <param name="rate">Learning rate of this step.</param>
    public void Step(ParameterVector<T> parameters, ParameterVector<T> gradients, double rate)
    {
        if (!ReferenceEquals(parameters.Layout, Layout) || !ReferenceEquals(gradients.Layout, Layout))
        {
            throw new ArgumentException("The optimiser belongs to another network: create it from parameters.Layout.", nameof(parameters));
        }

        StepCount++;
        if (WeightDecay != 0)
        {
            Decay(parameters, T.CreateTruncating(1 - (rate * WeightDecay)));
        }

        Update(parameters.Values, gradients.Values, rate);
    }

    /// <summary>Releases the moments.</summary>
    public void Dispose()
    {
        foreach ((string _, ParameterVector<T> vector) in _moments)
        {
            vector.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Share of a parameter, times the rate, that each step takes off before the gradient acts (arXiv:1711.05101).</summary>
    protected abstract double WeightDecay { get; }

    /// <summary>The step itself, decay apart; <see cref="StepCount"/> counts it already.</summary>
    protected abstract void Update(Span<T> parameters, ReadOnlySpan<T> gradients, double rate);

    /// <summary>The numbers of a moment.</summary>
    protected Span<T> Moment(int index) => _moments[index].Vector.Values;

    // Buffers such as running averages have no gradient to pull them back and must not decay.
    private static void Decay(ParameterVector<T> parameters, T factor)
    {
        IReadOnlyList<Parameter> all = parameters.Layout.Parameters;
        for (int i = 0; i < all.Count; i++)
        {
            if (all[i].Trainable)
            {
                Span<T> values = parameters.Slice(all[i]);
                TensorPrimitives.Multiply(values, factor, values);
            }
        }
    }
}
