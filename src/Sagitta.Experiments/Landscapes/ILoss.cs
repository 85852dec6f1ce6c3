namespace Sagitta.Experiments.Landscapes;

/// <summary>
/// A loss as a function of the flat parameter vector of a network, in double precision: all that the analyses of its curvature need. Data,
/// batch and the treatment of running averages are fixed when it is made, so equal parameters give equal values and gradients, bit for bit.
/// </summary>
internal interface ILoss
{
    /// <summary>What lies where in the vector; numbers that are not trained and padding take no part in any direction.</summary>
    ParameterLayout Layout { get; }

    /// <summary>The loss at a vector of the layout's length, and its gradient, which is zero at numbers that are not trained and at
    /// padding.</summary>
    double Gradient(ReadOnlySpan<double> parameters, Span<double> gradient);
}
